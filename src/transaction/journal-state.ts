import type { JournalRecord, Json } from './journal-record.ts';
import type { Trial } from './trial.ts';

/** What a journal says about its transaction. */
export type JournalState =
  /** There is no readable BEGIN, so nothing was touched. */
  | { readonly kind: 'never-begun' }
  | ({
      readonly kind: 'open';
      readonly failed: { readonly n: number | null; readonly code: string; readonly message: string } | null;
    } & Touched)
  /** Everything is done and live, and open on purpose. */
  | ({ readonly kind: 'trial'; readonly trial: Trial } & Touched)
  | { readonly kind: 'committed'; readonly cleaned: ReadonlySet<number> }
  | { readonly kind: 'ended'; readonly outcome: 'committed' | 'undone' };

/** `touched`: the highest step that was begun, -1 for none. `undone`: steps whose undo is known to have gone well. */
type Touched = {
  readonly touched: number;
  readonly notes: ReadonlyMap<number, Json>;
  readonly undone: ReadonlySet<number>;
};

/** What is left to do for a transaction in this state (docs/transaction.md#recovery). */
export function resume(state: JournalState): 'nothing' | 'undo' | 'wait' | 'clean' {
  return NEXT[state.kind];
}

const NEXT = {
  'never-begun': 'nothing',
  open: 'undo',
  trial: 'wait',
  committed: 'clean',
  ended: 'nothing',
} as const;

/** Reads the records in order; the last word on each matter counts. */
export function stateOf(records: readonly JournalRecord[]): JournalState {
  if (records[0]?.record !== 'BEGIN') return { kind: 'never-begun' };
  const end = records.findLast((record) => record.record === 'END');
  if (end !== undefined) return { kind: 'ended', outcome: end.outcome };
  const last = records.findLast(isTurn);
  if (last?.record === 'COMMIT') return { kind: 'committed', cleaned: cleaned(records) };
  const known = { touched: touched(records), notes: notes(records), undone: undone(records) };
  if (last?.record === 'TRIAL') return { kind: 'trial', trial: trialOf(last), ...known };
  return { kind: 'open', ...known, failed: last?.record === 'FAILED' ? last : null };
}

type Turn = Extract<JournalRecord, { readonly record: 'TRIAL' | 'PUBLISH' | 'COMMIT' | 'FAILED' }>;

function isTurn(record: JournalRecord): record is Turn {
  return TURNS.includes(record.record);
}

const TURNS: readonly JournalRecord['record'][] = ['TRIAL', 'PUBLISH', 'COMMIT', 'FAILED'];

function trialOf({ since, until, bootId, wallUntil, waitsFrom }: Trial): Trial {
  return { since, until, bootId, wallUntil, ...(waitsFrom === undefined ? {} : { waitsFrom }) };
}

function cleaned(records: readonly JournalRecord[]): ReadonlySet<number> {
  return new Set(records.flatMap((record) => (record.record === 'CLEANED' ? [record.n] : [])));
}

/** The highest step that was begun. A step that FAILED without an INTENT never was. */
function touched(records: readonly JournalRecord[]): number {
  return Math.max(-1, ...records.map((record) => ('n' in record && record.record !== 'FAILED' ? record.n : -1)));
}

function notes(records: readonly JournalRecord[]): ReadonlyMap<number, Json> {
  return new Map(
    records.flatMap((record) =>
      record.record === 'INTENT' && record.note !== undefined ? [[record.n, record.note] as const] : [],
    ),
  );
}

/** An undo below one that failed stood on unsound ground; it counts only when repeated after that one went well. */
function undone(records: readonly JournalRecord[]): ReadonlySet<number> {
  const sound = new Set<number>();
  const failed = new Set<number>();
  for (const record of records) {
    if (record.record === 'UNDO-FAILED') failed.add(record.n);
    if (record.record !== 'UNDONE') continue;
    failed.delete(record.n);
    if (Math.max(-1, ...failed) < record.n) sound.add(record.n);
  }
  return sound;
}
