import type { Facts, KnownBundle } from '../../model/index.ts';
import type { Proposal } from '../proposal.ts';
import { refuseOne } from '../target.ts';
import type { Check } from './check.ts';

const MIB = 1024 * 1024;
/** For the journal, logs, configuration and the generation itself. */
export const RESERVE = { bytes: 16 * MIB, inodes: 1000 };

/** Refuses what would fill the file system; a change that unpacks nothing needs too little to count. */
export const checkSpace: Check = ({ entering, facts }) => {
  const needed = roomFor(entering);
  if (needed.inodes === 0) return null;
  const bytes = needed.bytes + RESERVE.bytes;
  const inodes = needed.inodes + RESERVE.inodes;
  const hint = 'free some space: pkg gc removes generations that are no longer kept';
  if (bytes > facts.space.bytes) {
    return refuseOne(
      'no-space',
      `the change needs ${inMib(bytes)}, but ${facts.root} has ${inMib(facts.space.bytes)} free`,
      hint,
    );
  }
  if (inodes > facts.space.inodes) {
    return refuseOne(
      'no-space',
      `the change needs ${inodes} inodes, but ${facts.root} has ${facts.space.inodes} free`,
      hint,
    );
  }
  return null;
};

/** Room for everything that is unpacked. */
export function roomFor(entering: Proposal['entering']): Facts['space'] {
  const fresh = entering.map(({ member }) => member).filter((member) => member.at === 'archive');
  return { bytes: Math.ceil(sum(fresh, bytesFor)), inodes: sum(fresh, (bundle) => bundle.entries) };
}

/** The content with a tenth for rounding up to blocks, and the kept archive, never larger than the content. */
function bytesFor({ size, archiveSize }: KnownBundle): number {
  return size * 1.1 + (archiveSize ?? size);
}

function sum<T>(list: readonly T[], count: (item: T) => number): number {
  return list.reduce((total, item) => total + count(item), 0);
}

/** As `df -m` counts. */
export function inMib(bytes: number): string {
  return `${Math.ceil(bytes / MIB)} MiB`;
}
