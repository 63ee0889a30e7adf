import { type Code, CODES, PkgError } from '../error.ts';
import { bootId } from '../system/index.ts';
import { cleanSteps } from './clean-steps.ts';
import type { Failure, Handlers, Kinded, Outcome, Tell } from './handler.ts';
import type { JournalState } from './journal-state.ts';
import { resume } from './journal-state.ts';
import { JournalWriter } from './journal-writer.ts';
import { type BeginRecord, type Journal, readJournal } from './read-journal.ts';
import { undoSteps } from './undo-steps.ts';
import { handlerOf, type Work } from './work.ts';

type Order<S extends Kinded, W> = {
  readonly folder: string;
  readonly handlers: Handlers<S, W>;
  readonly world: W;
  readonly tell: Tell<S>;
};

export type RecoveryOutcome = Outcome | { readonly kind: 'nothing' };

/** Undoes an interrupted transaction, or finishes the cleaning of a committed one. May itself be cut short and repeated. */
export async function recoverTransaction<S extends Kinded, W>(order: Order<S, W>): Promise<RecoveryOutcome> {
  const { begin, state } = readJournal(order.folder);
  if (begin === null || resume(state) === 'nothing') return { kind: 'nothing' };
  const steps = begin.steps as unknown as readonly S[];
  // Better nothing than a part: an undo that leaves out a kind of step would go over its remains.
  for (const n of steps.keys()) handlerOf({ ...order, steps }, n);
  const journal = JournalWriter.reopen(order.folder);
  try {
    return await goOn({ ...order, journal, steps, commitAfter: begin.commitAfter }, begin, state);
  } finally {
    journal.close();
  }
}

async function goOn<S extends Kinded, W>(
  work: Work<S, W>,
  begin: BeginRecord,
  state: Journal['state'],
): Promise<RecoveryOutcome> {
  switch (state.kind) {
    case 'open':
      return undoSteps(work, { ...state, touched: mayBeTouched(work, begin, state.touched), failed: failureOf(state) });
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
