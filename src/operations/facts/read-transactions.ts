import fs from 'node:fs';
import path from 'node:path';
import type { GenerationOutcome, Plan, Step } from '../../model/index.ts';
import { type Layout, transactionIds } from '../../store/index.ts';
import { type Journal, readJournal, trialLeft } from '../../transaction/index.ts';

/** One transaction as it is on disk; `plan` is null if it was cut short before it began. */
export type TransactionRecord = {
  readonly id: number;
  readonly plan: Plan | null;
  readonly journal: Journal;
};

/** Every transaction that is still recorded, oldest first. */
export function readTransactions(layout: Layout): readonly TransactionRecord[] {
  return transactionIds(layout).map((id) => ({
    id,
    plan: readPlan(layout, id),
    journal: readJournal(layout.transaction(id)),
  }));
}

/** Begun and not ended, so recovery has something to do. A trial is left alone until its time is over. */
export function isOpen({ journal }: TransactionRecord): boolean {
  const { state } = journal;
  return (
    state.kind === 'open' || state.kind === 'committed' || (state.kind === 'trial' && trialLeft(state.trial) === 0)
  );
}

/** Open, and not final: everything that it did is taken back. */
export function isToBeUndone(record: TransactionRecord): boolean {
  return isOpen(record) && !isCommitted(record);
}

/** Whether its change is final, even if some cleaning remains. */
export function isCommitted({ journal }: TransactionRecord): boolean {
  const { state } = journal;
  return state.kind === 'committed' || (state.kind === 'ended' && state.outcome === 'committed');
}

/** The steps it began with, in its own journal: the stored plan may be lost. */
export function begunSteps({ journal }: TransactionRecord): readonly Step[] {
  return (journal.begin?.steps ?? []) as unknown as readonly Step[];
}

/** What remains to be cleaned up of a final transaction. */
export function cleaningLeft(record: TransactionRecord): readonly Step[] {
  const { begin, state } = record.journal;
  if (state.kind !== 'committed' || begin === null) return [];
  return begunSteps(record).filter((_, n) => n >= begin.commitAfter && !state.cleaned.has(n));
}

/** What became of generation `number`; one whose transaction is no longer recorded was good. */
export function outcomeOf(number: number, transactions: readonly TransactionRecord[]): GenerationOutcome {
  const begun = transactions.filter(({ journal }) => journal.begin !== null);
  // What most are asked for is found without a look at every step.
  const made =
    begun.find(({ plan }) => plan?.to === number) ?? begun.find((record) => written(record).includes(number));
  if (made === undefined) return 'good';
  const end = outcomeOfEnd(made);
  // A generation on the way over several versions was live for a moment, and is none to go back to.
  return end === 'bad' || number === Math.max(...written(made)) ? end : 'superseded';
}

function outcomeOfEnd(record: TransactionRecord): GenerationOutcome {
  if (record.journal.state.kind === 'trial') return 'trial';
  return isCommitted(record) ? 'good' : 'bad';
}

/** The numbers of the generations that a transaction makes, the last of which stays. */
function written(record: TransactionRecord): readonly number[] {
  return begunSteps(record).flatMap((step) => (step.kind === 'write-generation' ? [step.number] : []));
}

/** Where the plan of a transaction is written before its journal begins. */
export function planFile(layout: Layout, id: number): string {
  return path.join(layout.transaction(id), 'plan.json');
}

function readPlan(layout: Layout, id: number): Plan | null {
  try {
    return JSON.parse(fs.readFileSync(planFile(layout, id), 'utf8')) as Plan;
  } catch {
    return null;
  }
}
