import fs from 'node:fs';
import { PkgError } from '../../error.ts';
import { undoNames } from '../../model/index.ts';
import { type Layout, sweep, transactionIds } from '../../store/index.ts';
import { endProcesses, removeTemporaries, removeTree } from '../../system/index.ts';
import { type Failure, readJournal, recoverTransaction } from '../../transaction/index.ts';
import { endOverdueDrains } from '../drain/end-overdue.ts';
import {
  begunSteps,
  isOpen,
  isToBeUndone,
  readTransactions,
  type TransactionRecord,
} from '../facts/read-transactions.ts';
import { announceEnd } from '../notify/announce-end.ts';
import type { Session } from '../session.ts';
import { type OpenTrial, ongoingTrial } from '../trial/open-trial.ts';
import { openOrder } from '../trial/trial-order.ts';
import { bringUpAgain, markForBringUp } from './bring-up-again.ts';
import { type RepairedPointer, repairPointer } from './repair-pointer.ts';
import { hintToSkip } from './skippable.ts';
import { tellUncleaned } from './tell-uncleaned.ts';
import { waitingCleaning } from './waiting-cleaning.ts';

/** What recovery did, as its caller is told. */
export type Recovered = RepairedPointer & {
  readonly transactions: readonly {
    readonly id: number;
    readonly command: string;
    /** `uncleaned`: final, and its cleaning failed once more or has to wait. */
    readonly did: 'undone' | 'finished' | 'uncleaned';
    /** It was on trial, and its time was over. */
    readonly wasTrial: boolean;
    /** For `uncleaned`: what is still to be done, and why it could not be. */
    readonly left: readonly { readonly summary: string; readonly reason: string }[];
  }[];
  /** A transaction that was left alone, because it is on trial and has time left. */
  readonly trial: OpenTrial | null;
};

/** Makes the root all old or all new. Needs the lock; repeating it changes nothing. */
export async function recoverOpen(
  layout: Layout,
  session: Session,
  givenUp: readonly string[] = [],
): Promise<Recovered> {
  const { undone, trial } = await undoOpen(layout, session, givenUp);
  const pointer = repairPointer(layout);
  if (pointer.restored !== null) {
    const message = `the record of generation ${pointer.restored} was damaged; it was written again from the journal`;
    session.tell({ event: 'warning', message });
  }
  const cleaned =
    trial === null ? await cleanCommitted(layout, session, givenUp) : waitingCleaning(readTransactions(layout), trial);
  const transactions = [...undone, ...cleaned];
  sweep(layout);
  await bringUpAgain(layout, session, transactions);
  await endOverdueDrains(session);
  return { transactions, trial, ...pointer };
}

/** Undoes interrupted transactions and trials whose time is over. */
export async function undoOpen(
  layout: Layout,
  session: Session,
  givenUp: readonly string[] = [],
): Promise<Pick<Recovered, 'trial'> & { readonly undone: Recovered['transactions'] }> {
  const records = readTransactions(layout);
  // Before any other look: were its time to run out in between, it would neither be undone here nor refused by the caller.
  const trial = ongoingTrial(records);
  const undone = [];
  for (const record of records.filter((one) => one.id !== trial?.id && isToBeUndone(one)).toReversed()) {
    markForBringUp(record, layout);
    undone.push(await recoverOne(record, layout, session, givenUp));
    removeTree(layout.scratches(record.id));
  }
  dropNeverBegun(layout);
  return { undone, trial };
}

/**
 * Finishes the cleaning of what is final. After every undo, and not while something is on trial: what was to be purged
 * is judged by what is live, which is not what an open change had made of it.
 */
export async function cleanCommitted(
  layout: Layout,
  session: Session,
  givenUp: readonly string[] = [],
): Promise<Recovered['transactions']> {
  const cleaned = [];
  for (const record of readTransactions(layout)) {
    if (isOpen(record)) cleaned.push(await recoverOne(record, layout, session, givenUp));
    removeTree(layout.scratches(record.id));
  }
  return cleaned;
}

async function recoverOne(record: TransactionRecord, layout: Layout, session: Session, givenUp: readonly string[]) {
  const { id, plan, journal } = record;
  // A killed pkg leaves its hooks running; they must not run beside their own undo.
  const traces = { PKG_TRANSACTION: String(id), PKG_ROOT: layout.root };
  await endProcesses(traces, { standingIn: layout.scratches(id) });
  removeTemporaries(layout.transaction(id));
  const outcome = await recoverTransaction(openOrder(id, layout, session, givenUp));
  if (outcome.kind === 'needs-recovery') throw stillOpen(record, outcome.undoErrors);
  const uncleaned = outcome.kind === 'committed' ? outcome.uncleaned : [];
  tellUncleaned(uncleaned, session);
  const told = {
    id,
    command: journal.begin?.command ?? '',
    wasTrial: journal.state.kind === 'trial',
    left: uncleaned.map(({ n, error }) => ({ summary: summaryOf(n, record), reason: error.message })),
  };
  if (readJournal(layout.transaction(id)).state.kind === 'committed') return { ...told, did: 'uncleaned' as const };
  const did = outcome.kind === 'undone' ? ('undone' as const) : ('finished' as const);
  await announceEnd(did, { id, plan }, layout, session);
  return { ...told, did };
}

function summaryOf(n: number | null, record: TransactionRecord): string {
  return (n === null ? undefined : begunSteps(record)[n]?.summary) ?? 'close the journal';
}

/** The error for a transaction that cannot be finished, with what could be given up. */
function stillOpen(record: TransactionRecord, errors: readonly Failure[]): PkgError {
  const reasons = errors.map(({ error }) => error.message).join('; ');
  const begun = begunSteps(record);
  const steps = errors.flatMap(({ n }) => (n === null ? [] : (begun[n] ?? [])));
  const names = [...new Set(steps.flatMap(undoNames))];
  return new PkgError('undo-failed', `transaction ${record.id} is not fully undone: ${reasons}`, {
    hint: hintToSkip(names),
  });
}

/** A folder without BEGIN: its transaction was cut short before anything was touched. */
function dropNeverBegun(layout: Layout): void {
  for (const id of transactionIds(layout)) {
    if (readJournal(layout.transaction(id)).state.kind === 'never-begun') {
      fs.rmSync(layout.transaction(id), { recursive: true, force: true });
    }
  }
}
