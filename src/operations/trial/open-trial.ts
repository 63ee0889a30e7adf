import { PkgError } from '../../error.ts';
import { type Plan, previewedBy } from '../../model/index.ts';
import { openRoot } from '../../store/index.ts';
import { type Trial, trialLeft } from '../../transaction/index.ts';
import { readTransactions, type TransactionRecord } from '../facts/read-transactions.ts';

/** A change that is live or in preview, and not final until it is committed. */
export type OpenTrial = {
  readonly id: number;
  readonly command: string;
  readonly plan: Plan | null;
  readonly trial: Trial;
};

/** The transaction on trial, even if its time is over by now; null when there is none. There is never more than one. */
export function openTrial(transactions: readonly TransactionRecord[]): OpenTrial | null {
  return transactions.flatMap((record) => trialOf(record) ?? []).at(-1) ?? null;
}

/** null for a transaction that is not on trial. */
export function trialOf({ id, plan, journal }: TransactionRecord): OpenTrial | null {
  const { begin, state } = journal;
  return state.kind === 'trial' ? { id, command: begin?.command ?? '', plan, trial: state.trial } : null;
}

/**
 * The transaction on trial, if it has time left. To be asked once: whoever looks twice may find it with time left and,
 * a moment later, over.
 */
export function ongoingTrial(transactions: readonly TransactionRecord[]): OpenTrial | null {
  const open = openTrial(transactions);
  return open !== null && trialLeft(open.trial) > 0 ? open : null;
}

/** Whether only some clients see it, while everybody else and `current` are where they were. */
export function isPreview({ trial }: Pick<OpenTrial, 'trial'>): boolean {
  return trial.waitsFrom !== undefined;
}

/** For commands that only look whether a change could be made; with the lock, `withLock` refuses. */
export function refuseOnTrial(root: string): void {
  const layout = openRoot(root);
  const trial = layout === null ? null : ongoingTrial(readTransactions(layout));
  if (trial !== null) throw trialStandsInTheWay(trial);
}

/** The refusal of every change that neither ends the trial nor undoes it. */
export function trialStandsInTheWay(open: OpenTrial): PkgError {
  const { id, command, trial } = open;
  const until = trial.wallUntil === null ? '' : ` until ${trial.wallUntil}`;
  const what = isPreview(open)
    ? `in preview for ${(open.plan === null ? [] : previewedBy(open.plan)).join(', ')}`
    : 'on trial';
  return new PkgError('trial-open', `transaction ${id} (${command}) is ${what}${until}`, {
    hint: hintToEnd(open),
    details: { transaction: id, until: trial.wallUntil },
  });
}

/** How it is ended, either way. */
export function hintToEnd(open: OpenTrial): string {
  return isPreview(open)
    ? 'show it to everybody: pkg publish; give it up: pkg abandon'
    : 'keep it: pkg commit; give it up: pkg rollback';
}
