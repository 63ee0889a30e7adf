import fs from 'node:fs';
import { PkgError } from '../../error.ts';
import type { Generation } from '../../model/index.ts';
import { type Layout, readGeneration, readPointer } from '../../store/index.ts';
import { committedNumbers } from './committed-numbers.ts';
import { readTransactions } from './read-transactions.ts';

/** The live generation; null before the first install. Refuses to guess if the root was damaged. */
export function readCurrent(layout: Layout): Generation | null {
  const pointer = readPointer(layout);
  // Before the first commit there may be a generation that is being made, or was cut short.
  if (pointer.kind === 'absent' && !hasCommitted(layout)) return null;
  const generation = pointer.kind === 'generation' ? readGeneration(layout, pointer.number) : null;
  if (generation !== null) return generation;
  const what =
    pointer.kind === 'generation' ? `points to generation ${pointer.number}, which is not there` : `is ${pointer.kind}`;
  const isLost = pointer.kind === 'generation' && isFolderLost(layout, pointer.number);
  throw new PkgError('root-damaged', `${layout.current} ${what}`, {
    hint: isLost ? 'pkg verify --repair' : 'pkg recover',
  });
}

/** A generation that was made and whose folder is gone: that took more with it than recovery makes again. */
function isFolderLost(layout: Layout, number: number): boolean {
  return !fs.existsSync(layout.generation(number)) && readTransactions(layout).some(({ plan }) => plan?.to === number);
}

function hasCommitted(layout: Layout): boolean {
  return committedNumbers(layout, readTransactions(layout)).length > 0;
}

/** A generation with a damaged record counts as absent here; verify and recover report it. */
export function readableGeneration(layout: Layout, number: number): Generation | null {
  try {
    return readGeneration(layout, number);
  } catch {
    return null;
  }
}
