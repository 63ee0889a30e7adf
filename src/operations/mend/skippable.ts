import { cleaningNames, undoNames } from '../../model/index.ts';
import { begunSteps, cleaningLeft, type TransactionRecord } from '../facts/read-transactions.ts';

/** What recovery can be told to go on without: undos, or after COMMIT the hooks that are left to run. */
export function skippable(record: TransactionRecord): readonly string[] {
  if (record.journal.state.kind === 'committed') return [...new Set(cleaningLeft(record).flatMap(cleaningNames))];
  return [...new Set(begunSteps(record).flatMap(undoNames))];
}

/** The hint of what cannot be brought to an end, with what could be given up. */
export function hintToSkip(names: readonly string[]): string {
  const words = ['pkg recover', ...names.map((name) => `--skip-hook ${name}`)].join(' ');
  return `fix the cause, then: pkg recover${names.length === 0 ? '' : `; to go on without: ${words}`}`;
}
