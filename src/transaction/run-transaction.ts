import type { PkgError } from '../error.ts';
import { cleanSteps } from './clean-steps.ts';
import { doSteps, type Progressing, recordFailure } from './do-steps.ts';
import type { Failure, Interrupt, Kinded, Outcome } from './handler.ts';
import type { Begin, Json } from './journal-record.ts';
import { JournalWriter } from './journal-writer.ts';
import { FORMAT_VERSION } from './read-journal.ts';
import { beginTrial, type Trial } from './trial.ts';
import { undoSteps } from './undo-steps.ts';
import type { Work } from './work.ts';

type Order<S extends Kinded, W> = Omit<Work<S, W>, 'journal'> & {
  /** The folder of this transaction; its journal must not exist yet. */
  readonly folder: string;
  readonly begin: Begin;
  readonly interrupt: Interrupt;
  /** Milliseconds on trial instead of COMMIT; null = none. */
  readonly trialFor: number | null;
  /** A preview: on trial already before this step, and for as long as it takes unless `trialFor` says less. */
  readonly waitsFrom?: number | null;
};

/**
 * Does the steps in order, each noted in the journal; commits after `commitAfter` of them, then cleans with the rest,
 * or leaves them on trial. On failure or interruption everything done is undone. Throws only when nothing was begun.
 */
export async function runTransaction<S extends Kinded, W>(order: Order<S, W>): Promise<Outcome> {
  const { folder, begin, steps, commitAfter } = order;
  const plan = steps as unknown as readonly Json[];
  const journal = JournalWriter.begin(folder, {
    ...begin,
    record: 'BEGIN',
    formatVersion: FORMAT_VERSION,
    steps: plan,
    commitAfter,
  });
  try {
    return await runSteps({ ...order, journal }, order);
  } finally {
    journal.close();
  }
}

async function runSteps<S extends Kinded, W>(
  work: Work<S, W>,
  { interrupt, trialFor, waitsFrom = null }: Pick<Order<S, W>, 'interrupt' | 'trialFor' | 'waitsFrom'>,
): Promise<Outcome> {
  const progress: Progressing = { touched: -1, notes: new Map() };
  const to = waitsFrom ?? work.commitAfter;
  const trial = trialFor === null && waitsFrom === null ? null : () => beginTrial(trialFor, waitsFrom);
  const end = (await doSteps(work, { from: 0, to, interrupt }, progress)) ?? seal(work, trial);
  if ('error' in end) return undoSteps(work, { ...progress, undone: new Set(), failed: end });
  return end.trial === null ? cleanSteps(work, new Set()) : { kind: 'trial', trial: end.trial };
}

/** The record after which the change is final, or stays on trial. */
export function seal<S extends Kinded, W>(
  work: Work<S, W>,
  begin: (() => Trial) | null,
): Failure | { readonly trial: Trial | null } {
  const trial = begin?.() ?? null;
  try {
    work.journal.append(trial === null ? { record: 'COMMIT' } : { record: 'TRIAL', ...trial }, 'sync');
    return { trial };
  } catch (error) {
    return recordFailure(work, { n: null, error: error as PkgError });
  }
}
