import type { Member } from '../member.ts';
import { findProblems, type Problem, type Rules } from '../relations/find-problems.ts';
import { namesOf } from '../relations/index-providers.ts';
import type { Hop } from './hop.ts';

/** Which bundles move in which hop, or the problems of the sets on the way. */
export type Alignment =
  | { readonly kind: 'aligned'; readonly hops: readonly (readonly Hop[])[] }
  | { readonly kind: 'broken'; readonly problems: readonly Problem[] };

/** How many hops of each way have been made: one number for each, from 0 to its length. */
type Cut = readonly number[];

/** Beyond this many sets the answer is "not found". */
const MOST_SETS = 300;

/**
 * Aligns the ways of several bundles so that every set on the way satisfies all of them. The last hops
 * are made together, so a bundle with more hops begins earlier. If a set breaks something, the bundles that are part of
 * the problem move a hop earlier or later.
 */
export function alignHops(ways: readonly (readonly Hop[])[], installed: readonly Member[], rules: Rules): Alignment {
  const end = ways.map((way) => way.length);
  const problems: Problem[] = [];
  const seen = new Set<string>();

  const cutsBefore = (after: Cut): readonly Cut[] | null => {
    const open: Cut[] = [after.map((gone) => Math.max(0, gone - 1))];
    for (const cut of open) {
      if (cut.every((gone) => gone === 0)) return [cut];
      if (seen.size >= MOST_SETS || seen.has(keyOf(cut, after)) || keyOf(cut) === keyOf(after)) continue;
      seen.add(keyOf(cut, after));
      const found = findProblems(membersAt(cut, ways, installed), rules);
      const earlier = found.length === 0 ? cutsBefore(cut) : null;
      if (earlier !== null) return [...earlier, cut];
      problems.push(...found);
      open.push(...found.flatMap((problem) => shifted(cut, after, { ways, problem })));
    }
    return null;
  };

  const cuts = cutsBefore(end);
  return cuts === null ? { kind: 'broken', problems } : { kind: 'aligned', hops: hopsOf([...cuts, end], ways) };
}

function keyOf(...cuts: readonly Cut[]): string {
  return cuts.map((cut) => cut.join(' ')).join('/');
}

function membersAt(cut: Cut, ways: readonly (readonly Hop[])[], installed: readonly Member[]): readonly Member[] {
  const moved = new Map(
    ways.flatMap((way, at) => (cut[at] === 0 ? [] : [[way[0]?.name, way[(cut[at] ?? 0) - 1]?.to]])),
  );
  const staying = installed.filter(({ id }) => !moved.has(id.name));
  return [...staying, ...[...moved.values()].flatMap((member) => member ?? [])];
}

type Blame = { readonly ways: readonly (readonly Hop[])[]; readonly problem: Problem };

/** The same cut with one of the bundles that are part of the problem a hop further, or a hop less far. */
function shifted(cut: Cut, after: Cut, { ways, problem }: Blame): readonly Cut[] {
  return ways.flatMap((way, at): readonly Cut[] => {
    const [gone, most] = [cut[at] ?? 0, after[at] ?? 0];
    if (most === 0 || !isPartOf(problem, way)) return [];
    return [cut.with(at, gone === most ? most - 1 : most)];
  });
}

/** Whether the bundle has the problem, or answers to the name that the problem is about. */
export function isPartOf({ bundle, name }: Problem, way: readonly Hop[]): boolean {
  return way.some(
    (hop) =>
      hop.name === bundle.id.name ||
      [hop.from, hop.to].some((member) => member !== null && namesOf(member).some(([known]) => known === name)),
  );
}

function hopsOf(cuts: readonly Cut[], ways: readonly (readonly Hop[])[]): readonly (readonly Hop[])[] {
  return cuts.slice(1).map((after, number) =>
    ways.flatMap((way, at) => {
      const gone = cuts[number]?.[at] ?? 0;
      return way.slice(gone, after[at]);
    }),
  );
}
