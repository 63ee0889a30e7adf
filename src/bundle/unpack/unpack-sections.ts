import type { FileEntry } from '../../model/index.ts';
import type { Section } from '../archive/member-index.ts';
import { type Divided, rowsOf } from '../archive/read-archive.ts';
import { LanePool } from './lane-pool.ts';
import type { TwinOf } from './unpack-files.ts';
import type { Count, Order } from './unpack-section.ts';

export type SectionsTarget = {
  readonly into: string | null;
  readonly twinOf: TwinOf;
  readonly count: Count;
};

// a file of more members than this would keep one thread busy when the other has nothing left to do
const LONG = 8;

/** Reads all sections, several at a time; answers how many files were shared. */
export async function unpackSections({ source, sections, files }: Divided, target: SectionsTarget): Promise<number> {
  const pool = new LanePool({ source, into: target.into }, target.count);
  try {
    for (const section of longFirst(sections)) {
      await pool.give(orderOf(section.members, rowsOf(section, files), target.twinOf));
    }
    return await pool.finish();
  } finally {
    await pool.close();
  }
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
