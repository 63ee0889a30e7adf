import { compareVersions, isPrerelease } from '../model/index.ts';
import type { Member } from './member.ts';
import { classHere, weigh } from './path-class.ts';
import { formatAfter, formatOnDisk } from './path-data.ts';
import { directionBetween, edgeBetween, isHop } from './path-edge.ts';
import { Heap } from './path-heap.ts';
import { type Ground, type Hop, type Rejected, rejected } from './path-hop.ts';

/** From one version of a bundle to another, perhaps by way of others; no hops = there is no way. */
export type Way = { readonly hops: readonly Hop[]; readonly weight: number; readonly rejected: readonly Rejected[] };

/**
 * The way of least weight, then fewest hops, then newest versions. Versions on it lie between the two, and none is
 * `barred` (digests). Where nothing is disturbed it is the direct one.
 */
export function findWay(from: Member, to: Member, ground: Ground, barred: ReadonlySet<string> = new Set()): Way {
  const direct = edgeBetween(from, to, ground);
  const bound = isHop(direct) ? weigh(classHere(direct, ground)) : Number.POSITIVE_INFINITY;
  const reasons: Rejected[] = isHop(direct) ? [] : [...direct];
  const around = bound > 0 ? search(from, to, { ground, bound, barred, reasons }) : null;
  if (around !== null) return { ...around, rejected: [...whyNotDirect(direct, around.hops), ...reasons] };
  return { hops: isHop(direct) ? [direct] : [], weight: bound, rejected: reasons };
}

type Search = {
  readonly ground: Ground;
  /** A way around has to be cheaper than this. */
  readonly bound: number;
  readonly barred: ReadonlySet<string>;
  readonly reasons: Rejected[];
};

/** A version reached with the data in a format, and the best way to it. */
type Place = {
  readonly member: Member;
  readonly format: number | null;
  readonly weight: number;
  readonly hops: readonly Hop[];
};

function search(from: Member, to: Member, { ground, bound, barred, reasons }: Search): Omit<Way, 'rejected'> | null {
  const stops = [...stopsBetween(from, to, ground).filter(({ id }) => !barred.has(id.digest)), to];
  if (stops.length === 1) return null;
  const open = new Heap<Place>(byCost);
  open.push({ member: from, format: formatOnDisk(from, ground), weight: 0, hops: [] });
  const done = new Set<string>();
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { member, format, weight, hops } = place;
    if (member.id.digest === to.id.digest) return { hops, weight };
    const key = `${format} ${member.id.digest}`;
    if (done.has(key)) continue;
    done.add(key);
    const direction = directionBetween(from.id.version, to.id.version);
    for (const stop of stops) {
      const isOn = directionBetween(member.id.version, stop.id.version) === direction;
      const isDirect = hops.length === 0 && stop === to;
      if (!isOn || isDirect || done.has(`${formatAfter(stop, format)} ${stop.id.digest}`)) continue;
      const edge = edgeBetween(member, stop, ground, format);
      if (!isHop(edge)) {
        reasons.push(...edge);
        continue;
      }
      const next = weight + weigh(classHere(edge, ground));
      if (next >= bound) continue;
      open.push({ member: stop, format: formatAfter(stop, format), weight: next, hops: [...hops, edge] });
    }
  }
  return null;
}

/** Known versions in between that this machine can run; a prerelease is only for those who ask for it. */
function stopsBetween(from: Member, to: Member, { known, platform }: Ground): readonly Member[] {
  const [low, high] =
    compareVersions(from.id.version, to.id.version) < 0
      ? [from.id.version, to.id.version]
      : [to.id.version, from.id.version];
  return [...known.values()]
    .filter(({ id, manifest }) => {
      const isBetween = compareVersions(low, id.version) < 0 && compareVersions(id.version, high) < 0;
      const { os, cpu } = manifest.platform ?? {};
      const fits = os?.includes(platform.os) !== false && cpu?.includes(platform.cpu) !== false;
      return id.name === to.id.name && isBetween && fits && !isPrerelease(id.version);
    })
    .map((stop) => ({ ...stop, explicit: from.explicit }));
}

/** Least weight, fewest hops, and among equals the one whose last stops are newest. */
function byCost(a: Place, b: Place): number {
  return a.weight - b.weight || a.hops.length - b.hops.length || newestFirst(a.hops, b.hops);
}

function newestFirst(a: readonly Hop[], b: readonly Hop[]): number {
  for (let at = a.length - 1; at >= 0; at -= 1) {
    const [one, other] = [a[at]?.to?.id, b[at]?.to?.id];
    if (one === undefined || other === undefined) return 0;
    const order = compareVersions(other.version, one.version);
    if (order !== 0) return order;
    if (one.digest !== other.digest) return one.digest < other.digest ? -1 : 1;
  }
  return 0;
}

function whyNotDirect(direct: Hop | readonly Rejected[], taken: readonly Hop[]): readonly Rejected[] {
  if (!isHop(direct) || direct.from === null || direct.to === null) return [];
  const stops = taken.slice(0, -1).flatMap(({ to }) => to?.id.version ?? []);
  const declared = direct.entry === null ? 'no way is declared, and the default is' : 'declared as';
  return [rejected(direct.from, direct.to, `${declared} ${direct.class}; by way of ${stops.join(' and ')} it is less`)];
}
