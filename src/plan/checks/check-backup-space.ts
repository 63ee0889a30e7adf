import type { DataFolder, Facts, Plan } from '../../model/index.ts';
import type { Proposal } from '../proposal.ts';
import { refuseOne } from '../target.ts';
import { inMib, RESERVE, roomFor } from './check-space.ts';

type Room = Facts['space'];

/** Refuses a plan whose backups do not fit beside the data, together with what is unpacked where both lie on one disk. */
export function checkBackupSpace(plan: Plan, { entering, facts }: Proposal): ReturnType<typeof refuseOne> | null {
  const backups = plan.steps.flatMap((step) => {
    const data = step.kind === 'backup-data' ? facts.dataFolders.get(step.name) : undefined;
    return data === undefined ? [] : [data];
  });
  for (const { copies } of backups) {
    const beside = backups.filter((other) => isSameDisk(other.copies, copies));
    const others = copies.isWithRoot ? [...beside.map(roomForCopy), roomFor(entering)] : beside.map(roomForCopy);
    const needed = sum([...others, RESERVE]);
    const short = whatIsShort(needed, copies.space);
    if (short !== null) {
      return refuseOne(
        'no-space',
        `the change with its backup of the data needs ${short} in ${copies.folder}`,
        'free some space there; pkg gc removes generations that are no longer kept',
      );
    }
  }
  return null;
}

function isSameDisk(a: DataFolder['copies'], b: DataFolder['copies']): boolean {
  return a.folder === b.folder || (a.isWithRoot && b.isWithRoot);
}

/** A tenth more, because folders and partly filled blocks take space as well. */
function roomForCopy({ bytes, entries, copies }: DataFolder): Room {
  return { bytes: copies.sharesBlocks ? 0 : Math.ceil(bytes * 1.1), inodes: entries };
}

function sum(rooms: readonly Room[]): Room {
  return rooms.reduce((total, { bytes, inodes }) => ({
    bytes: total.bytes + bytes,
    inodes: total.inodes + inodes,
  }));
}

function whatIsShort(needed: Room, free: Room): string | null {
  if (needed.bytes > free.bytes) return `${inMib(needed.bytes)}, and ${inMib(free.bytes)} are free`;
  if (needed.inodes > free.inodes) return `${needed.inodes} inodes, and ${free.inodes} are free`;
  return null;
}
