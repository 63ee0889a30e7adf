import { PkgError } from '../../error.ts';
import type { Generation } from '../../model/index.ts';
import { generationNumbers, type Layout, readGeneration, readPointer } from '../../store/index.ts';
import { outcomeOf, readTransactions } from './read-transactions.ts';

/** The live generation; null before the first install. Refuses to guess if the root was damaged. */
export function readCurrent(layout: Layout): Generation | null {
  const pointer = readPointer(layout);
  // Before the first commit there may be a generation that is being made, or was cut short.
  if (pointer.kind === 'absent' && !hasCommitted(layout)) return null;
  const generation = pointer.kind === 'generation' ? readGeneration(layout, pointer.number) : null;
  if (generation !== null) return generation;
  const what =
    pointer.kind === 'generation' ? `points to generation ${pointer.number}, which is not there` : `is ${pointer.kind}`;
  throw new PkgError('root-damaged', `${layout.current} ${what}`, { hint: 'pkg recover' });
}

function hasCommitted(layout: Layout): boolean {
  const numbers = generationNumbers(layout);
  if (numbers.length === 0) return false;
  const transactions = readTransactions(layout);
  return numbers.some((number) => outcomeOf(number, transactions) === 'good');
}

/** A generation with a damaged record counts as absent here; verify and recover report it. */
export function readableGeneration(layout: Layout, number: number): Generation | null {
  try {
    return readGeneration(layout, number);
  } catch {
    return null;
  }
}
