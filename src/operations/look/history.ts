import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import type { Change } from '../../model/index.ts';
import { layoutOf, openRoot } from '../../store/index.ts';
import type { JournalRecord, JournalState } from '../../transaction/index.ts';
import { readTransactions, type TransactionRecord } from '../facts/read-transactions.ts';
import { runningChange } from '../facts/running-change.ts';

/** One transaction as the history tells it. */
export type Told = {
  readonly id: number;
  readonly command: string;
  readonly by: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly outcome: 'committed' | 'trial' | 'undone' | 'needs-recovery' | 'running';
  readonly overrides: readonly string[];
  readonly changes: readonly Change[];
};

/** A step of a past transaction and how far it came. */
export type ToldStep = {
  readonly n: number;
  readonly phase: string;
  readonly kind: string;
  readonly summary: string;
  readonly state: 'not-begun' | 'begun' | 'done' | 'failed' | 'undone' | 'undo-failed';
};

/** Every transaction that began, oldest first. */
export function history(root: string): readonly Told[] {
  if (openRoot(root) === null) return [];
  const layout = layoutOf(root);
  const isRunning = runningChange(layout) !== null;
  return readTransactions(layout).flatMap((record) => tell(record, isRunning) ?? []);
}

/** One transaction with its steps, why it failed, and where its logs are. */
export function historyOf(root: string, word: string) {
  const layout = layoutOf(root);
  const told = history(root).find(({ id }) => String(id) === word);
  const record = told && readTransactions(layout).find(({ id }) => id === told.id);
  if (told === undefined || record === undefined) {
    throw new PkgError('unknown-name', `there is no transaction '${word}'`, { hint: 'pkg history lists them' });
  }
  const failed = record.journal.records.findLast((entry) => entry.record === 'FAILED');
  return {
    ...told,
    steps: stepsOf(record),
    failure: failed === undefined ? null : { code: failed.code, message: failed.message },
    logs: logsIn(path.join(layout.transaction(told.id), 'log')),
  };
}

function tell({ id, plan, journal }: TransactionRecord, isRunning: boolean): Told | null {
  const { begin, state, records } = journal;
  if (begin === null) return null;
  const end = records.findLast((record) => record.record === 'END');
  return {
    id,
    command: begin.command,
    by: begin.by,
    startedAt: begin.startedAt,
    finishedAt: end?.finishedAt ?? null,
    from: plan?.from ?? null,
    to: plan?.to ?? null,
    outcome: outcomeIn(state, isRunning),
    overrides: [...(plan?.overrides ?? []), ...records.flatMap(overrideIn)],
    changes: plan?.changes ?? [],
  };
}

/** The overrides of its recovery. */
function overrideIn(record: JournalRecord): readonly string[] {
  return record.record === 'OVERRIDE' ? [`recover ${record.words} (${record.by})`] : [];
}

function outcomeIn(state: JournalState, isRunning: boolean): Told['outcome'] {
  if (state.kind === 'ended') return state.outcome;
  if (state.kind === 'trial') return 'trial';
  return isRunning ? 'running' : 'needs-recovery';
}

const STATES = {
  INTENT: 'begun',
  DONE: 'done',
  CLEANED: 'done',
  FAILED: 'failed',
  UNDONE: 'undone',
  'UNDO-FAILED': 'undo-failed',
} as const;

/** The last record of the journal about each step. */
function stepsOf({ plan, journal }: TransactionRecord): readonly ToldStep[] {
  const states = new Map<number, ToldStep['state']>();
  for (const record of journal.records) {
    if (record.record in STATES && 'n' in record && record.n !== null)
      states.set(record.n, STATES[record.record as keyof typeof STATES]);
  }
  return (plan?.steps ?? []).map(({ phase, kind, summary }, index) => ({
    n: index + 1,
    phase,
    kind,
    summary,
    state: states.get(index) ?? 'not-begun',
  }));
}

function logsIn(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .toSorted()
    .map((name) => path.join(folder, name));
}
