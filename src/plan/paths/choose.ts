import type { Decision } from '../../model/index.ts';
import type { Proposal } from '../proposal.ts';
import { allProblems, type Problem, rulesFor } from '../relations/find-problems.ts';
import { type Alignment, alignHops } from './align.ts';
import { type Attempt, attemptsAfter } from './attempts.ts';
import { Heap } from './heap.ts';
import { type Ground, type Hop, hopFromNothing, hopToNothing, type Rejected } from './hop.ts';
import { refuseBroken, refuseNoWay } from './refuse.ts';
import { findWay } from './way.ts';

/** The way of every bundle that changes. */
export type Paths = {
  readonly kind: 'paths';
  /** For each hop, the bundles that move, arrive or leave in it. */
  readonly hops: readonly (readonly Hop[])[];
  readonly rejected: readonly Rejected[];
};

/** Beyond this many combinations of ways the answer is "not found". */
const MOST_ATTEMPTS = 64;

/** The least disturbing way from what is installed to what is proposed; docs/upgrade-paths.md#search. */
export function choosePaths(proposal: Proposal): Paths | Extract<Decision, { kind: 'refusal' }> {
  const ground = groundOf(proposal);
  const trips = proposal.entering.flatMap(({ before, member }) =>
    before === null ? [] : [{ from: before, by: [], to: member, way: findWay(before, member, ground) }],
  );
  const stuck = trips.filter(({ way }) => way.hops.length === 0);
  if (stuck.length > 0) return refuseNoWay(stuck, ground);

  const attempts = new Heap<Attempt>((a, b) => weightOf(a) - weightOf(b));
  attempts.push({ trips, barred: new Set(), rejected: [] });
  let problems: readonly Problem[] = [];
  const tried = new Set<string>();
  for (let attempt = attempts.pop(); attempt !== undefined; attempt = attempts.pop()) {
    if (tried.size >= MOST_ATTEMPTS) break;
    if (tried.has(keyOf(attempt))) continue;
    tried.add(keyOf(attempt));
    const alignment = align(attempt, proposal);
    if (alignment.kind === 'aligned') return pathsOf(attempt, alignment.hops);
    if (problems.length === 0) problems = alignment.problems;
    for (const next of attemptsAfter(attempt, alignment.problems, ground)) attempts.push(next);
  }
  return refuseBroken(problems);
}

function groundOf({ request, facts }: Proposal): Ground {
  return { ...facts, limit: request.limits.maxClass, acceptDataLoss: request.overrides.acceptDataLoss };
}

function weightOf({ trips }: Attempt): number {
  return trips.reduce((sum, { way }) => sum + way.weight, 0);
}

function keyOf({ trips, barred }: Attempt): string {
  const stops = trips.flatMap(({ way }) => way.hops.map((hop) => hop.to?.id.digest));
  return [...stops, '', ...[...barred].toSorted()].join(' ');
}

function align({ trips }: Attempt, { request, facts, entering, leaving, installed, members }: Proposal): Alignment {
  const coming = entering.filter(({ before }) => before === null).map(({ member }) => [hopFromNothing(member)]);
  const going = leaving.map(({ member }) => [hopToNothing(member)]);
  const rules = rulesFor(request.overrides, facts);
  // Problems of the requested set were judged before; a set on the way may have the same ones.
  const accepted = allProblems(members, facts.programVersion).map(({ message }) => message);
  const tolerated = new Set([...rules.tolerated, ...accepted]);
  return alignHops([...trips.map(({ way }) => way.hops), ...coming, ...going], installed, { ...rules, tolerated });
}

function pathsOf({ trips, rejected }: Attempt, hops: Paths['hops']): Paths {
  const reasons = [...rejected, ...trips.flatMap(({ way }) => way.rejected)];
  const once = new Map(reasons.map((one) => [`${one.from} ${one.to} ${one.why}`, one]));
  return { kind: 'paths', hops, rejected: [...once.values()] };
}
