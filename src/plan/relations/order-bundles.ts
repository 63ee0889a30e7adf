import { byName, type Described } from '../member.ts';
import { indexProviders } from './index-providers.ts';

/** Dependencies first, then as written in `depends`, then as requested, then by name; a cycle stays together. */
export function orderBundles<T extends Described>(
  bundles: readonly T[],
  requested: readonly string[] = [],
): readonly T[] {
  const byItsName = new Map(bundles.map((bundle) => [bundle.id.name, bundle]));
  const first = requested.flatMap((name) => byItsName.get(name) ?? []);
  const edges = dependencyEdges(bundles);
  return groups(
    [...first, ...byName(bundles)].map((bundle) => bundle.id.name),
    edges,
  )
    .flat()
    .flatMap((name) => byItsName.get(name) ?? []);
}

/** Name -> names of the members it depends on, as written. */
export function dependencyEdges(bundles: readonly Described[]): ReadonlyMap<string, readonly string[]> {
  const providers = indexProviders(bundles);
  return new Map(
    bundles.map((bundle) => [
      bundle.id.name,
      Object.keys(bundle.manifest.depends ?? {})
        .flatMap((name) => providers.get(name) ?? [])
        .map((provider) => provider.bundle.id.name)
        .filter((name) => name !== bundle.id.name),
    ]),
  );
}

/** The names of all direct and indirect dependencies of a bundle. */
export function allNeeded(name: string, edges: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const needed of edges.get(next) ?? []) {
      if (found.has(needed)) continue;
      found.add(needed);
      open.push(needed);
    }
  }
  return found;
}

/** Tarjan's strongly connected components: they come out dependencies first, each cycle as one group. */
function groups(
  roots: readonly string[],
  edges: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const open: string[] = [];

  const indexWhileOpen = (name: string): number =>
    open.includes(name) ? (index.get(name) ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  const visit = (name: string): number => {
    const number = index.size;
    index.set(name, number);
    low.set(name, number);
    open.push(name);
    for (const next of edges.get(name) ?? []) {
      const reach = index.has(next) ? indexWhileOpen(next) : visit(next);
      low.set(name, Math.min(low.get(name) ?? number, reach));
    }
    if (low.get(name) === number) found.push(open.splice(open.indexOf(name)));
    return low.get(name) ?? number;
  };

  for (const root of roots) if (!index.has(root)) visit(root);
  return found;
}
