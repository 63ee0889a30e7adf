import type { FileEntry } from '../../model/index.ts';
import type { Section } from '../archive/member-index.ts';
import { type Divided, rowsOf } from '../archive/read-archive.ts';
import type { LanePool } from './lane-pool.ts';
import type { TwinOf } from './unpack-files.ts';
import type { Order } from './unpack-section.ts';

// a file of more members than this would keep one thread busy when the other has nothing left to do
const LONG = 8;

/** Has all sections read, several at a time; answers how many files were shared. */
export async function unpackSections({ sections, files }: Divided, twinOf: TwinOf, pool: LanePool): Promise<number> {
  for (const section of longFirst(sections)) {
    await pool.give(orderOf(section.members, rowsOf(section, files), twinOf));
  }
  return await pool.finish();
}

function longFirst(sections: readonly Section[]): readonly Section[] {
  const isLong = ({ members }: Section): boolean => members.length > LONG;
  const long = sections.filter(isLong).toSorted((a, b) => b.members.length - a.members.length);
  return [...long, ...sections.filter((section) => !isLong(section))];
}

function orderOf(members: Section['members'], rows: readonly FileEntry[], twinOf: TwinOf): Order {
  const twins = rows.flatMap((row) => {
    const twin = row.type === 'file' ? twinOf(row) : null;
    return twin === null ? [] : [[row.path, twin] as const];
  });
  return { members, rows, twins: Object.fromEntries(twins) };
}
