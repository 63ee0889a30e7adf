import fs from 'node:fs';
import { PkgError } from '../../error.ts';
import { isComplete, type Layout, pointTo, readGeneration, readPointer, rewriteRecord } from '../../store/index.ts';
import { committedNumbers } from '../facts/committed-numbers.ts';
import { findRecord } from '../facts/generation-record.ts';
import { outcomeOf, readTransactions } from '../facts/read-transactions.ts';

/** What was put right about `current`. */
export type RepairedPointer = {
  /** The generation `current` was pointed to because it named none. */
  readonly repointed: number | null;
  /** The live generation, if its record was cut or lost and was written again from the journal. */
  readonly restored: number | null;
};

/**
 * Points `current` to the newest committed generation that is whole, if it names none. A generation that is live and
 * damaged stays live: one damaged file is no reason to go back to an older version of everything.
 */
export function repairPointer(layout: Layout): RepairedPointer {
  const pointer = readPointer(layout);
  if (pointer.kind !== 'generation') return { repointed: repoint(layout), restored: null };
  if (isWhole(layout, pointer.number)) return { repointed: null, restored: null };
  if (isMeantToBeLive(layout, pointer.number)) return { repointed: null, restored: restore(layout, pointer.number) };
  return { repointed: repoint(layout), restored: null };
}

function isWhole(layout: Layout, number: number): boolean {
  try {
    const generation = readGeneration(layout, number);
    return generation !== null && isComplete(layout, generation);
  } catch {
    return false;
  }
}

/** Committed or on trial. A number without a folder and without a plan never was a generation. */
function isMeantToBeLive(layout: Layout, number: number): boolean {
  const isKnown = fs.existsSync(layout.generation(number)) || findRecord(layout, number) !== null;
  return isKnown && outcomeOf(number, readTransactions(layout)) !== 'bad';
}

function restore(layout: Layout, number: number): number {
  const record = findRecord(layout, number);
  if (record === null) {
    throw new PkgError(
      'root-damaged',
      `the record of the live generation ${number} is damaged, and no journal has it`,
      {
        hint: 'put generation.json back from a backup; pkg verify --repair goes to the newest generation that has one',
      },
    );
  }
  // A folder that is gone took its links with it: more than a record has to be made again.
  if (!fs.existsSync(layout.generation(number)) || !isComplete(layout, record.generation)) {
    throw new PkgError('root-damaged', `the live generation ${number} of ${layout.root} is not whole`, {
      hint: 'pkg verify --repair',
    });
  }
  rewriteRecord(layout, record.generation);
  return number;
}

function repoint(layout: Layout): number | null {
  const good = committedNumbers(layout, readTransactions(layout));
  if (good.length === 0 && readPointer(layout).kind === 'absent') return null;
  const newest = good.toReversed().find((number) => isWhole(layout, number));
  if (newest === undefined) {
    throw new PkgError('root-damaged', `no committed generation of ${layout.root} is whole`, {
      hint: 'pkg verify --repair unpacks damaged bundles again from the kept archives',
    });
  }
  pointTo(layout, newest);
  return newest;
}
