import { readStoredManifest } from '../bundle/index.ts';
import type { BundleId, Manifest } from '../model/index.ts';
import { type Layout, readGeneration } from '../store/index.ts';

/** A bundle together with what it says of itself. */
export type Dependency = { readonly id: BundleId; readonly manifest: Manifest };

/** Everything that `manifest` depends on within a generation, near and far, what is depended on first. */
export async function dependenciesOf(
  layout: Layout,
  manifest: Manifest,
  generation: number,
): Promise<readonly Dependency[]> {
  if (Object.keys(manifest.depends ?? {}).length === 0) return [];
  const members = await Promise.all(
    (readGeneration(layout, generation)?.bundles ?? []).map(async (id) => ({
      id,
      manifest: await readStoredManifest(layout.bundle(id)),
    })),
  );
  const ordered: Dependency[] = [];
  const open = new Set<string>([manifest.name]);
  const visit = (from: Manifest): void => {
    for (const name of Object.keys(from.depends ?? {})) {
      const found = members.find((member) => answersTo(member, name));
      if (found === undefined || open.has(found.id.name)) continue;
      open.add(found.id.name);
      visit(found.manifest);
      ordered.push(found);
    }
  };
  visit(manifest);
  return ordered;
}

function answersTo({ id, manifest }: Dependency, name: string): boolean {
  return id.name === name || Object.hasOwn(manifest.provides ?? {}, name);
}
