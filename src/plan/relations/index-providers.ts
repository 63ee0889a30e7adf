import type { Described } from '../member.ts';

/** A bundle that answers to a name: the one of that name, or one that provides it. */
export type Provider = { readonly bundle: Described; readonly version: string };

/** Every name that some bundle answers to, real and provided ones alike. */
export function indexProviders(bundles: readonly Described[]): ReadonlyMap<string, readonly Provider[]> {
  const index = new Map<string, Provider[]>();
  for (const bundle of bundles) {
    for (const [name, version] of namesOf(bundle)) {
      const others = index.get(name);
      if (others === undefined) index.set(name, [{ bundle, version }]);
      else others.push({ bundle, version });
    }
  }
  return index;
}

/** The names a bundle answers to, each with its version; its own name first. */
export function namesOf({ id, manifest }: Described): readonly (readonly [string, string])[] {
  const provided = Object.entries(manifest.provides ?? {}).filter(([name]) => name !== id.name);
  return [[id.name, id.version], ...provided];
}
