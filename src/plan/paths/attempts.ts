import { compareVersions, inRange } from '../../model/index.ts';
import type { Member } from '../member.ts';
import type { Problem } from '../relations/find-problems.ts';
import { namesOf } from '../relations/index-providers.ts';
import { isPartOf } from './align.ts';
import { directionBetween } from './edge.ts';
import { type Ground, type Rejected, rejected } from './hop.ts';
import { stopsBetween } from './stops.ts';
import { findWayBy, type Way } from './way.ts';

/** One combination of ways that avoids the versions in `barred`. */
export type Attempt = {
  readonly trips: readonly Trip[];
  readonly barred: ReadonlySet<string>;
  readonly rejected: readonly Rejected[];
};

/** One bundle on its way; `by` are the versions it has to stop at, in this order. */
export type Trip = { readonly from: Member; readonly by: readonly Member[]; readonly to: Member; readonly way: Way };

/** What may help if a set on the way broke something: to avoid a version, or to stop at one that fits. */
export function attemptsAfter(attempt: Attempt, problems: readonly Problem[], ground: Ground): readonly Attempt[] {
  return attempt.trips.flatMap((trip, at) => {
    const own = problems.filter((problem) => isPartOf(problem, trip.way.hops));
    return [...passingBy(attempt, { trip, at, ground }, own), ...restingOn(attempt, { trip, at, ground }, own)];
  });
}

type Place = { readonly trip: Trip; readonly at: number; readonly ground: Ground };

function passingBy(attempt: Attempt, { trip, at, ground }: Place, problems: readonly Problem[]): readonly Attempt[] {
  const [problem] = problems;
  if (problem === undefined) return [];
  return trip.way.hops.slice(0, -1).flatMap((hop): readonly Attempt[] => {
    if (hop.from === null || hop.to === null || trip.by.includes(hop.to)) return [];
    const barred = new Set([...attempt.barred, hop.to.id.digest]);
    const reason = rejected(hop.from, hop.to, problem.message);
    return withTrip({ ...attempt, barred, rejected: [...attempt.rejected, reason] }, { trip, at, ground });
  });
}

function restingOn(attempt: Attempt, { trip, at, ground }: Place, problems: readonly Problem[]): readonly Attempt[] {
  const { from, by, to, way } = trip;
  const known = new Set([...way.hops.flatMap((hop) => hop.to?.id.digest ?? []), ...attempt.barred]);
  return stopsBetween(from, to, ground)
    .filter((stop) => !known.has(stop.id.digest) && problems.some((problem) => isAnswered(problem, stop)))
    .flatMap((stop) => withTrip(attempt, { trip: { ...trip, by: inOrder([...by, stop], trip) }, at, ground }));
}

/** Whether this version would satisfy what is missing, or would not need it. */
function isAnswered({ kind, bundle, name, range, found }: Problem, stop: Member): boolean {
  const isWanted = kind === 'depends';
  if (bundle.id.name !== stop.id.name) {
    return namesOf(stop).some(([known, version]) => known === name && inRange(version, range) === isWanted);
  }
  const wanted = stop.manifest[kind]?.[name];
  return wanted === undefined || found.some(({ version }) => inRange(version, wanted)) === isWanted;
}

function inOrder(stops: readonly Member[], { from, to }: Trip): readonly Member[] {
  const upwards = stops.toSorted((a, b) => compareVersions(a.id.version, b.id.version));
  return directionBetween(from.id.version, to.id.version) === 'down' ? upwards.toReversed() : upwards;
}

function withTrip(attempt: Attempt, { trip, at, ground }: Place): readonly Attempt[] {
  const way = findWayBy([trip.from, ...trip.by, trip.to], ground, attempt.barred);
  return way.hops.length === 0 ? [] : [{ ...attempt, trips: attempt.trips.with(at, { ...trip, way }) }];
}
