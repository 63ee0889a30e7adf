import type { KnownBundle } from '../../model/index.ts';
import { refuseOne } from '../target.ts';
import type { Check } from './check.ts';

const MIB = 1024 * 1024;
/** For the journal, logs, configuration and the generation itself. */
const RESERVE = { bytes: 16 * MIB, inodes: 1000 };

/** Refuses what would fill the file system; a change that unpacks nothing needs nothing worth counting. */
export const checkSpace: Check = ({ entering, facts }) => {
  const fresh = entering.map(({ member }) => member).filter((member) => member.at === 'archive');
  if (fresh.length === 0) return null;
  const bytes = Math.ceil(sum(fresh, bytesFor)) + RESERVE.bytes;
  const inodes = sum(fresh, (bundle) => bundle.entries) + RESERVE.inodes;
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

/** The content with a tenth for rounding up to blocks, and the kept archive, never larger than the content. */
function bytesFor({ size, archiveSize }: KnownBundle): number {
  return size * 1.1 + (archiveSize ?? size);
}

function sum<T>(list: readonly T[], count: (item: T) => number): number {
  return list.reduce((total, item) => total + count(item), 0);
}

function inMib(bytes: number): string {
  return `${Math.ceil(bytes / MIB)} MiB`;
}
