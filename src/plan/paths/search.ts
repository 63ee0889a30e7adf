import { compareVersions } from '../../model/index.ts';
import type { Member } from '../member.ts';
import { classHere, weigh } from './class.ts';
import { formatAfter } from './data.ts';
import { edgeBetween, isHop } from './edge.ts';
import { Heap } from './heap.ts';
import type { Ground, Hop, Rejected } from './hop.ts';

export type Search = {
  readonly from: Member;
  /** In the order in which they are passed; the last one is the target. */
  readonly stops: readonly Member[];
  readonly ground: Ground;
  /** Of the data at the start. */
  readonly format: number | null;
  /** The way must weigh less than this. */
  readonly bound: number;
};

/** What was found, and the hops that could not be made. */
export type Found = {
  readonly hops: readonly Hop[] | null;
  readonly weight: number;
  readonly rejected: readonly Rejected[];
};

/** The cheapest way over at least one stop: Dijkstra over versions together with the format of the data. */
export function searchWay(search: Search): Found {
  const { from, stops, format } = search;
  const rejected: Rejected[] = [];
  const done = new Set<string>();
  const open = new Heap<Place>(byCost);
  open.push({ member: from, passed: 0, format, weight: 0, hops: [] });
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (place.member === stops.at(-1)) return { hops: place.hops, weight: place.weight, rejected };
    if (done.has(keyOf(place))) continue;
    done.add(keyOf(place));
    for (const next of placesAfter(place, search, rejected)) {
      if (!done.has(keyOf(next))) open.push(next);
    }
  }
  return { hops: null, weight: Number.POSITIVE_INFINITY, rejected };
}

/** A version reached with the data in a format, and the best way to it. */
type Place = {
  readonly member: Member;
  /** How many stops lie behind. */
  readonly passed: number;
  readonly format: number | null;
  readonly weight: number;
  readonly hops: readonly Hop[];
};

function keyOf({ member, format }: Place): string {
  return `${member.id.digest} ${format}`;
}

function placesAfter(place: Place, { stops, ground, bound }: Search, rejected: Rejected[]): readonly Place[] {
  const { member, passed, format, hops } = place;
  const isStart = hops.length === 0;
  return stops.slice(passed, isStart ? -1 : undefined).flatMap((stop, at): readonly Place[] => {
    // a rebuild of the same version is not a stop
    if (stop.id.version === member.id.version) return [];
    const edge = edgeBetween(member, stop, ground, format);
    if (!isHop(edge)) {
      rejected.push(...edge);
      return [];
    }
    const weight = place.weight + weigh(classHere(edge, ground));
    if (weight >= bound) return [];
    const after = formatAfter(stop, format);
    return [{ member: stop, passed: passed + at + 1, format: after, weight, hops: [...hops, edge] }];
  });
}

/** Least weight, then fewest hops, then the newest last stops. */
function byCost(a: Place, b: Place): number {
  return a.weight - b.weight || a.hops.length - b.hops.length || newestFirst(a.hops, b.hops);
}

function newestFirst(a: readonly Hop[], b: readonly Hop[]): number {
  for (let at = a.length - 1; at >= 0; at -= 1) {
    const [one, other] = [a[at]?.to?.id, b[at]?.to?.id];
    if (one === undefined || other === undefined) return 0;
    if (one.digest === other.digest) continue;
    return compareVersions(other.version, one.version) || (one.digest < other.digest ? -1 : 1);
  }
  return 0;
}
