import type { Member } from '../member.ts';
import { classHere, weigh } from './class.ts';
import { formatAfter, formatOnDisk } from './data.ts';
import { edgeBetween, isHop } from './edge.ts';
import { type Ground, type Hop, type Rejected, rejected } from './hop.ts';
import { searchWay } from './search.ts';
import { stopsBetween } from './stops.ts';

/** The hops from one version of a bundle to another, perhaps over others; no hops = there is no way. */
export type Way = { readonly hops: readonly Hop[]; readonly weight: number; readonly rejected: readonly Rejected[] };

/** Limits of a search: versions (digests) to avoid, and the format of the data at its start. */
export type Narrow = { readonly barred?: ReadonlySet<string>; readonly format?: number | null };

/**
 * The way of least weight, then fewest hops, then newest versions. Versions on it lie between the two. Where nothing is
 * disturbed it is the direct one.
 */
export function findWay(from: Member, to: Member, ground: Ground, narrow: Narrow = {}): Way {
  const { barred, format = formatOnDisk(from, ground) } = narrow;
  const direct = edgeBetween(from, to, ground, format);
  const straight = isHop(direct)
    ? { hops: [direct], weight: weigh(classHere(direct, ground)), rejected: [] }
    : { hops: [], weight: Number.POSITIVE_INFINITY, rejected: direct };
  if (straight.weight === 0) return straight;
  const stops = stopsBetween(from, to, ground).filter(({ id }) => barred?.has(id.digest) !== true);
  if (stops.length === 1) return straight;
  const around = searchWay({ from, stops, ground, format, bound: straight.weight });
  if (around.hops === null) return { ...straight, rejected: [...straight.rejected, ...around.rejected] };
  const reasons = isHop(direct) ? [whyNotDirect(direct, from, around.hops)] : direct;
  return { hops: around.hops, weight: around.weight, rejected: [...reasons, ...around.rejected] };
}

/** The same for a way that has to stop at certain versions, in this order. */
export function findWayBy(places: readonly Member[], ground: Ground, barred: ReadonlySet<string>): Way {
  const [from, to, ...rest] = places;
  if (from === undefined || to === undefined) return { hops: [], weight: 0, rejected: [] };
  let way = findWay(from, to, ground, { barred });
  let at = to;
  for (const next of rest) {
    const format = way.hops.reduce(
      (known, hop) => (hop.to === null ? known : formatAfter(hop.to, known)),
      formatOnDisk(from, ground),
    );
    const onward = findWay(at, next, ground, { barred, format });
    const isWay = way.hops.length > 0 && onward.hops.length > 0;
    way = {
      hops: isWay ? [...way.hops, ...onward.hops] : [],
      weight: way.weight + onward.weight,
      rejected: [...way.rejected, ...onward.rejected],
    };
    at = next;
  }
  return way;
}

function whyNotDirect(direct: Hop, from: Member, taken: readonly Hop[]): Rejected {
  const stops = taken.slice(0, -1).flatMap(({ to }) => to?.id.version ?? []);
  const declared = direct.entry === null ? 'no way is declared, and the default is' : 'declared as';
  const why = `${declared} ${direct.class}; by way of ${stops.join(' and ')} it is less`;
  return rejected(from, direct.to ?? from, why);
}
