import type { Decision } from '../model/index.ts';
import { allProblems, type Problem, rulesFor } from './find-problems.ts';
import type { Member } from './member.ts';
import { alignHops, isPartOf } from './path-align.ts';
import { Heap } from './path-heap.ts';
import { type Ground, type Hop, hopFromNothing, hopToNothing, type Rejected, rejected } from './path-hop.ts';
import { refuseBroken, refuseNoWay } from './path-refuse.ts';
import { findWay, type Way } from './path-way.ts';
import type { Proposal } from './proposal.ts';

/** The way of every bundle that changes. */
export type Paths = {
  readonly kind: 'paths';
  /** For each hop the bundles that move in it; those that come or leave stand in the one in which they do. */
  readonly hops: readonly (readonly Hop[])[];
  readonly rejected: readonly Rejected[];
};

/** Beyond this many combinations of ways the answer is "not found". */
const MOST_ATTEMPTS = 64;

/** The least disturbing way from what is installed to what is proposed; docs/upgrade-paths.md#search. */
export function choosePaths(proposal: Proposal): Paths | Extract<Decision, { kind: 'refusal' }> {
  const ground = groundOf(proposal);
  const moves = proposal.entering.flatMap(({ before, member }) =>
    before === null ? [] : [{ from: before, to: member }],
  );
  const ways = moves.map((move) => ({ ...move, way: findWay(move.from, move.to, ground) }));
  const stuck = ways.filter(({ way }) => way.hops.length === 0);
  if (stuck.length > 0) return refuseNoWay(stuck, ground);

  const attempts = new Heap<Attempt>((a, b) => weightOf(a) - weightOf(b));
  attempts.push({ ways, barred: new Set(), rejected: [] });
  let problems: readonly Problem[] = [];
  for (let count = 0; count < MOST_ATTEMPTS; count += 1) {
    const attempt = attempts.pop();
    if (attempt === undefined) break;
    const alignment = align(attempt, proposal);
    if (alignment.kind === 'aligned') {
      const reasons = [...attempt.rejected, ...attempt.ways.flatMap(({ way }) => way.rejected)];
      return { kind: 'paths', hops: alignment.hops, rejected: withoutRepeats(reasons) };
    }
    if (problems.length === 0) problems = alignment.problems;
    for (const next of around(attempt, alignment.problems, ground)) attempts.push(next);
  }
  return refuseBroken(problems);
}

function groundOf({ request, facts }: Proposal): Ground {
  return { ...facts, limit: request.limits.maxClass, acceptDataLoss: request.overrides.acceptDataLoss };
}

type Gone = { readonly from: Member; readonly to: Member; readonly way: Way };

/** One combination of ways; the versions `barred` are on none of them. */
type Attempt = {
  readonly ways: readonly Gone[];
  readonly barred: ReadonlySet<string>;
  readonly rejected: readonly Rejected[];
};

function weightOf({ ways }: Attempt): number {
  return ways.reduce((sum, { way }) => sum + way.weight, 0);
}

function align({ ways }: Attempt, { request, facts, entering, leaving, installed, members }: Proposal) {
  const coming = entering.filter(({ before }) => before === null).map(({ member }) => [hopFromNothing(member)]);
  const going = leaving.map(({ member }) => [hopToNothing(member)]);
  const rules = rulesFor(request.overrides, facts);
  // What the set asked for breaks was judged before; a set on the way may break the same.
  const accepted = allProblems(members, facts.programVersion).map(({ message }) => message);
  const tolerated = new Set([...rules.tolerated, ...accepted]);
  return alignHops([...ways.map(({ way }) => way.hops), ...coming, ...going], installed, { ...rules, tolerated });
}

/** The attempts that leave out one of the versions that broke something on the way. */
function around(attempt: Attempt, problems: readonly Problem[], ground: Ground): readonly Attempt[] {
  return attempt.ways.flatMap(({ from, to, way }, at): readonly Attempt[] => {
    const problem = problems.find((one) => isPartOf(one, way.hops));
    if (problem === undefined) return [];
    return way.hops.slice(0, -1).flatMap((hop): readonly Attempt[] => {
      if (hop.from === null || hop.to === null) return [];
      const barred = new Set([...attempt.barred, hop.to.id.digest]);
      const other = findWay(from, to, ground, barred);
      if (other.hops.length === 0) return [];
      const reason = rejected(hop.from, hop.to, problem.message);
      return [
        { ways: attempt.ways.with(at, { from, to, way: other }), barred, rejected: [...attempt.rejected, reason] },
      ];
    });
  });
}

function withoutRepeats(reasons: readonly Rejected[]): readonly Rejected[] {
  return [...new Map(reasons.map((one) => [`${one.from} ${one.to} ${one.why}`, one])).values()];
}
