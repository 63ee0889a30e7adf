import type { Member } from './member.ts';
import { classHere, weigh } from './path-class.ts';
import { edgeBetween, isHop } from './path-edge.ts';
import { type Ground, type Hop, type Rejected, rejected } from './path-hop.ts';
import { searchWay } from './path-search.ts';
import { stopsBetween } from './path-stops.ts';

/** From one version of a bundle to another, perhaps by way of others; no hops = there is no way. */
export type Way = { readonly hops: readonly Hop[]; readonly weight: number; readonly rejected: readonly Rejected[] };

/**
 * The way of least weight, then fewest hops, then newest versions. Versions on it lie between the two, and none is
 * `barred` (digests). Where nothing is disturbed it is the direct one.
 */
export function findWay(from: Member, to: Member, ground: Ground, barred: ReadonlySet<string> = new Set()): Way {
  const direct = edgeBetween(from, to, ground);
  const straight = isHop(direct)
    ? { hops: [direct], weight: weigh(classHere(direct, ground)), rejected: [] }
    : { hops: [], weight: Number.POSITIVE_INFINITY, rejected: direct };
  if (straight.weight === 0) return straight;
  const stops = stopsBetween(from, to, ground).filter(({ id }) => !barred.has(id.digest));
  if (stops.length === 1) return straight;
  const around = searchWay({ from, stops, ground, bound: straight.weight });
  if (around.hops === null) return { ...straight, rejected: [...straight.rejected, ...around.rejected] };
  const reasons = isHop(direct) ? [whyNotDirect(direct, from, around.hops)] : direct;
  return { hops: around.hops, weight: around.weight, rejected: [...reasons, ...around.rejected] };
}

function whyNotDirect(direct: Hop, from: Member, taken: readonly Hop[]): Rejected {
  const stops = taken.slice(0, -1).flatMap(({ to }) => to?.id.version ?? []);
  const declared = direct.entry === null ? 'no way is declared, and the default is' : 'declared as';
  const why = `${declared} ${direct.class}; by way of ${stops.join(' and ')} it is less`;
  return rejected(from, direct.to ?? from, why);
}
