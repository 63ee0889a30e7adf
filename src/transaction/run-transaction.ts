import { PkgError } from '../error.ts';
import { cleanSteps } from './clean-steps.ts';
import type { Failure, Interrupt, Kinded, Outcome } from './handler.ts';
import type { Begin, Json } from './journal-record.ts';
import { JournalWriter } from './journal-writer.ts';
import { FORMAT_VERSION } from './read-journal.ts';
import { beginTrial, type Trial } from './trial.ts';
import { undoSteps } from './undo-steps.ts';
import { announce, asPkgError, handlerOf, type Work } from './work.ts';

type Order<S extends Kinded, W> = Omit<Work<S, W>, 'journal'> & {
  /** The folder of this transaction; its journal must not exist yet. */
  readonly folder: string;
  readonly begin: Begin;
  readonly interrupt: Interrupt;
  /** Milliseconds on trial instead of COMMIT; null = none. */
  readonly trialFor: number | null;
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

/** What was done so far: `touched` is the last step begun, with the notes taken before doing. */
type Progressing = { touched: number; readonly notes: Map<number, Json> };

async function runSteps<S extends Kinded, W>(
  work: Work<S, W>,
  { interrupt, trialFor }: Pick<Order<S, W>, 'interrupt' | 'trialFor'>,
): Promise<Outcome> {
  const progress: Progressing = { touched: -1, notes: new Map() };
  const end = (await doSteps(work, interrupt, progress)) ?? seal(work, trialFor);
  if ('error' in end) return undoSteps(work, { ...progress, undone: new Set(), failed: end });
  return end.trial === null ? cleanSteps(work, new Set()) : { kind: 'trial', trial: end.trial };
}

async function doSteps<S extends Kinded, W>(
  work: Work<S, W>,
  interrupt: Interrupt,
  progress: Progressing,
): Promise<Failure | null> {
  for (let n = 0; n < work.commitAfter; n++) {
    if (interrupt.requested !== null) return recordFailure(work, { n: null, error: interrupted(interrupt.requested) });
    try {
      await doStep(work, n, progress);
    } catch (error) {
      announce(work, n, 'failed');
      return recordFailure(work, { n, error: asPkgError(error, work, n) });
    }
  }
  if (interrupt.requested !== null) return recordFailure(work, { n: null, error: interrupted(interrupt.requested) });
  return null;
}

/** The record after which the change is final, or stays on trial. */
function seal<S extends Kinded, W>(
  work: Work<S, W>,
  trialFor: number | null,
): Failure | { readonly trial: Trial | null } {
  const trial = trialFor === null ? null : beginTrial(trialFor);
  try {
    work.journal.append(trial === null ? { record: 'COMMIT' } : { record: 'TRIAL', ...trial }, 'sync');
    return { trial };
  } catch (error) {
    return recordFailure(work, { n: null, error: error as PkgError });
  }
}

async function doStep<S extends Kinded, W>(work: Work<S, W>, n: number, progress: Progressing): Promise<void> {
  const { step, handler } = handlerOf(work, n);
  announce(work, n, 'doing');
  const note = await handler.note?.(step, work.world);
  if (note !== undefined) progress.notes.set(n, note);
  // A step that may not run twice must be known to have been begun, and what undo needs must be there.
  const durability = handler.repeatable && note === undefined ? 'later' : 'sync';
  work.journal.append({ record: 'INTENT', n, ...(note === undefined ? {} : { note }) }, durability);
  progress.touched = n;
  await handler.do(step, work.world, note);
  work.journal.append({ record: 'DONE', n }, 'later');
  announce(work, n, 'done');
}

function recordFailure<S extends Kinded, W>(work: Work<S, W>, failed: Failure): Failure {
  const { code, message } = failed.error;
  try {
    work.journal.append({ record: 'FAILED', n: failed.n, code, message }, 'later');
  } catch {
    // The undo that follows needs no record to be right, and says itself whether the journal could be closed.
  }
  return failed;
}

function interrupted(signal: 'SIGINT' | 'SIGTERM'): PkgError {
  return new PkgError('interrupted', `interrupted by ${signal}`, { exit: signal === 'SIGINT' ? 130 : 143 });
}
