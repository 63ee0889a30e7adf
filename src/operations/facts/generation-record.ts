import { PkgError } from '../../error.ts';
import type { Generation } from '../../model/index.ts';
import { generationOf } from '../../steps/index.ts';
import { type Layout, readGeneration, readPointer } from '../../store/index.ts';
import { committedNumbers } from './committed-numbers.ts';
import { readTransactions, type TransactionRecord } from './read-transactions.ts';

/** The record of a generation as it is on disk, or, if it is damaged or lost, as its transaction wrote it. */
export type FoundRecord = {
  readonly generation: Generation;
  readonly state: 'whole' | 'changed' | 'missing';
};

/** null when neither the record nor the plan of its transaction can be read. */
export function findRecord(layout: Layout, number: number): FoundRecord | null {
  const read = readRecord(layout, number);
  if (read.generation !== null) return { generation: read.generation, state: 'whole' };
  const planned = readTransactions(layout).flatMap((record) => plannedGeneration(record, number) ?? []);
  const generation = planned.at(-1);
  return generation === undefined ? null : { generation, state: read.state };
}

/** The number `current` names, or, where it names none, the newest committed generation; null before the first. */
export function liveNumber(layout: Layout): number | null {
  const pointer = readPointer(layout);
  if (pointer.kind === 'generation' && findRecord(layout, pointer.number) !== null) return pointer.number;
  const transactions = readTransactions(layout);
  const good = committedNumbers(layout, transactions).filter((number) => findRecord(layout, number) !== null);
  return good.at(-1) ?? null;
}

function readRecord(layout: Layout, number: number) {
  try {
    const generation = readGeneration(layout, number);
    return { generation, state: 'missing' as const };
  } catch (error) {
    if (!(error instanceof PkgError) || error.code !== 'root-damaged') throw error;
    return { generation: null, state: 'changed' as const };
  }
}

function plannedGeneration({ plan, journal }: TransactionRecord, number: number): Generation | null {
  if (journal.begin === null) return null;
  const step = plan?.steps.find((one) => one.kind === 'write-generation' && one.number === number);
  return step?.kind === 'write-generation' ? generationOf(step) : null;
}
