import { CODES, type Code, PkgError } from '../error.ts';
import { bootId } from '../system/index.ts';
import { cleanSteps } from './clean-steps.ts';
import type { Failure, Kinded, Outcome } from './handler.ts';
import type { JournalState } from './journal-state.ts';
import { resume } from './journal-state.ts';
import { type BeginRecord, type Journal, readJournal } from './read-journal.ts';
import { type OpenOrder, reopenTransaction } from './reopen-transaction.ts';
import { takeBack } from './settle-trial.ts';
import { trialLeft, trialOver } from './trial.ts';
import { undoSteps } from './undo-steps.ts';
import { handlerOf, type Work } from './work.ts';

export type RecoveryOutcome = Outcome | { readonly kind: 'nothing' };

/**
 * Undoes an interrupted transaction and a trial that is over, or finishes the cleaning of a committed one; a trial that
 * goes on is left alone. May itself be cut short and repeated.
 */
export async function recoverTransaction<S extends Kinded, W>(order: OpenOrder<S, W>): Promise<RecoveryOutcome> {
  const { begin, state } = readJournal(order.folder);
  if (begin === null || resume(state) === 'nothing') return { kind: 'nothing' };
  if (state.kind === 'trial' && trialLeft(state.trial) > 0) return { kind: 'trial', trial: state.trial };
  return reopenTransaction(order, begin, (work) => {
    // In the history before anything is left out.
    for (const override of order.overrides ?? []) work.journal.append({ record: 'OVERRIDE', ...override }, 'sync');
    return goOn(work, begin, state);
  });
}

async function goOn<S extends Kinded, W>(
  work: Work<S, W>,
  begin: BeginRecord,
  state: Journal['state'],
): Promise<RecoveryOutcome> {
  switch (state.kind) {
    case 'open':
      return undoSteps(work, { ...state, touched: mayBeTouched(work, begin, state.touched), failed: failureOf(state) });
    case 'trial':
      return takeBack(work, state, trialOver(state.trial));
    case 'committed':
      return cleanSteps(work, state.cleaned);
    case 'never-begun':
    case 'ended':
      return { kind: 'nothing' };
    default:
      return state satisfies never;
  }
}

/**
 * After a reboot the records that were not synced may be lost. Beyond the last one known, every step that did not
 * have to wait for its INTENT may have been done as well; its undo accepts that it was not.
 */
function mayBeTouched<S extends Kinded, W>(work: Work<S, W>, begin: BeginRecord, known: number): number {
  if (begin.bootId === bootId()) return known;
  let n = known;
  while (n + 1 < work.commitAfter && isUnannounced(work, n + 1)) n += 1;
  return n;
}

function isUnannounced<S extends Kinded, W>(work: Work<S, W>, n: number): boolean {
  const { handler } = handlerOf(work, n);
  return handler.repeatable && handler.note === undefined;
}

function failureOf(state: Extract<JournalState, { readonly kind: 'open' }>): Failure {
  if (state.failed === null)
    return { n: null, error: new PkgError('open-transaction', 'the transaction was cut short') };
  const { n, code, message } = state.failed;
  // The journal may come from a pkg that knew other codes.
  return { n, error: new PkgError(code in CODES ? (code as Code) : 'step-failed', message) };
}
