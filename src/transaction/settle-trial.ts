import { PkgError } from '../error.ts';
import { cleanSteps } from './clean-steps.ts';
import { doSteps, type Progressing } from './do-steps.ts';
import type { Interrupt, Kinded, Outcome } from './handler.ts';
import type { JournalState } from './journal-state.ts';
import { type BeginRecord, readJournal } from './read-journal.ts';
import { type OpenOrder, reopenTransaction } from './reopen-transaction.ts';
import { seal } from './run-transaction.ts';
import { trialEnded } from './trial.ts';
import { undoSteps } from './undo-steps.ts';
import type { Work } from './work.ts';

type OnTrial = Extract<JournalState, { readonly kind: 'trial' }>;

/** Makes a trial final, then cleans. Throws, with the trial as it was, when COMMIT cannot be written. */
export async function commitTrial<S extends Kinded, W>(order: OpenOrder<S, W>): Promise<Outcome> {
  const { begin } = readTrial(order.folder);
  return reopenTransaction(order, begin, (work) => {
    work.journal.append({ record: 'COMMIT' }, 'sync');
    return cleanSteps(work, new Set());
  });
}

/**
 * Does what waited for a preview to be published, then commits and cleans. On failure or interruption everything is
 * undone, what was previewed too. Throws, with the preview as it was, when the journal cannot be written.
 */
export async function publishTrial<S extends Kinded, W>(
  order: OpenOrder<S, W> & { readonly interrupt: Interrupt },
): Promise<Outcome> {
  const { begin, state } = readTrial(order.folder);
  return reopenTransaction(order, begin, async (work) => {
    work.journal.append({ record: 'PUBLISH' }, 'sync');
    const progress: Progressing = { touched: state.touched, notes: new Map(state.notes) };
    const rest = { from: state.trial.waitsFrom ?? work.commitAfter, to: work.commitAfter, interrupt: order.interrupt };
    const end = (await doSteps(work, rest, progress)) ?? seal(work, null);
    if ('error' in end) return undoSteps(work, { ...progress, undone: new Set(), failed: end });
    return cleanSteps(work, new Set());
  });
}

/** Undoes a trial before its time; `reason` is for the history. */
export async function giveUpTrial<S extends Kinded, W>(order: OpenOrder<S, W>, reason: string): Promise<Outcome> {
  const { begin, state } = readTrial(order.folder);
  return reopenTransaction(order, begin, (work) => takeBack(work, state, trialEnded(reason)));
}

/** Undoes everything that is live on trial. Throws, with nothing touched, when the journal cannot be written. */
export async function takeBack<S extends Kinded, W>(
  work: Work<S, W>,
  state: OnTrial,
  error: PkgError,
): Promise<Outcome> {
  const { code, message } = error;
  // Known before the first undo: cut short in the middle of it, this must not be found as a trial that goes on.
  work.journal.append({ record: 'FAILED', n: null, code, message }, 'sync');
  return undoSteps(work, { ...state, failed: { n: null, error } });
}

function readTrial(folder: string): { readonly begin: BeginRecord; readonly state: OnTrial } {
  const { begin, state } = readJournal(folder);
  if (begin !== null && state.kind === 'trial') return { begin, state };
  throw new PkgError('no-trial', `nothing is on trial in ${folder}`);
}
