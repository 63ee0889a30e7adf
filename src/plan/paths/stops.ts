import { compareVersions, isPrerelease } from '../../model/index.ts';
import type { Member } from '../member.ts';
import { directionBetween } from './edge.ts';
import type { Ground } from './hop.ts';

/**
 * Known versions between two, in the order in which they would be passed, and then the target. A prerelease is only for
 * those who ask for it, and a version that this machine cannot run is no stop.
 */
export function stopsBetween(from: Member, to: Member, { known, platform }: Ground): readonly Member[] {
  const direction = directionBetween(from.id.version, to.id.version);
  const isBetween = (version: string): boolean =>
    directionBetween(from.id.version, version) === direction && directionBetween(version, to.id.version) === direction;
  const between = [...known.values()].filter(({ id, manifest }) => {
    if (id.name !== to.id.name || isPrerelease(id.version) || !isBetween(id.version)) return false;
    const { os, cpu } = manifest.platform ?? {};
    return os?.includes(platform.os) !== false && cpu?.includes(platform.cpu) !== false;
  });
  const upwards = between.toSorted((a, b) => compareVersions(a.id.version, b.id.version) || byDigest(a, b));
  const inOrder = direction === 'down' ? upwards.toReversed() : upwards;
  return [...inOrder.map((stop) => ({ ...stop, explicit: from.explicit })), to];
}

function byDigest(a: Pick<Member, 'id'>, b: Pick<Member, 'id'>): number {
  return a.id.digest < b.id.digest ? -1 : 1;
}
