import { byName, type Described } from '../member.ts';
import { dependencyEdges } from './order-bundles.ts';

/** The bundles closest to the named ones first, along dependencies in both directions, so that a search fails early. */
export function orderByDistance<T extends Described>(bundles: readonly T[], names: readonly string[]): readonly T[] {
  const neighbours = undirected(dependencyEdges(bundles));
  const reached = new Set(names);
  // A loop over a set also visits what is added meanwhile: this is the whole breadth-first search.
  for (const name of reached) for (const next of neighbours.get(name) ?? []) reached.add(next);
  const distance = new Map([...reached].map((name, at) => [name, at]));
  const far = distance.size;
  return byName(bundles).toSorted((a, b) => (distance.get(a.id.name) ?? far) - (distance.get(b.id.name) ?? far));
}

function undirected(edges: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> {
  const both = new Map<string, string[]>();
  const join = (from: string, to: string) => both.set(from, [...(both.get(from) ?? []), to]);
  for (const [from, tos] of edges) {
    for (const to of tos) {
      join(from, to);
      join(to, from);
    }
  }
  return both;
}
