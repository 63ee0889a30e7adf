import { createHash } from 'node:crypto';
import type { Trial } from './trial.ts';

/** What a journal can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** The first record: who began what, and the whole list of steps. Steps from `commitAfter` on are cleaning. */
export type Begin = {
  readonly id: string;
  readonly command: string;
  readonly by: string;
  readonly startedAt: string;
  readonly programVersion: string;
  readonly bootId: string;
  /** The id of the root: what is lost with a damaged root.json is found here. */
  readonly rootId?: string;
};

/** A narrow override given later than the plan, and by whom. */
export type Override = { readonly words: string; readonly by: string };

/** One line of the journal. `n` counts steps from 0. */
export type Entry =
  | ({
      readonly record: 'BEGIN';
      readonly formatVersion: string;
      readonly steps: readonly Json[];
      readonly commitAfter: number;
    } & Begin)
  /** Step n is about to be done; without DONE it may have happened, or not, or in part. */
  | { readonly record: 'INTENT'; readonly n: number; readonly note?: Json }
  | { readonly record: 'DONE'; readonly n: number }
  /** From here on everything is undone. */
  | { readonly record: 'FAILED'; readonly n: number | null; readonly code: string; readonly message: string }
  | { readonly record: 'UNDONE'; readonly n: number }
  | { readonly record: 'UNDO-FAILED'; readonly n: number; readonly code: string; readonly message: string }
  /** What somebody overrode to bring it to an end. */
  | ({ readonly record: 'OVERRIDE' } & Override)
  /** Everything is done and live; without COMMIT it is undone when the time is over. */
  | ({ readonly record: 'TRIAL' } & Trial)
  /** A preview goes on: what waited for it is done, up to COMMIT, or everything is undone. */
  | { readonly record: 'PUBLISH' }
  /** From here on nothing is undone any more. */
  | { readonly record: 'COMMIT' }
  | { readonly record: 'CLEANED'; readonly n: number }
  | { readonly record: 'END'; readonly outcome: 'committed' | 'undone'; readonly finishedAt: string };

/** An entry with the time it was written. */
export type JournalRecord = Entry & { readonly at: string };

/** One line of JSON that a torn or damaged write cannot imitate. */
export function formatRecord(record: JournalRecord): string {
  const body = JSON.stringify(record);
  return `{"length":${Buffer.byteLength(body)},"sum":"${checksum(body)}","entry":${body}}\n`;
}

/** null for a line that is torn, damaged or empty. */
export function parseRecord(line: string): JournalRecord | null {
  const [, length, sum, body] = /^\{"length":(\d+),"sum":"([0-9a-f]{16})","entry":(.*)\}$/.exec(line) ?? [];
  if (body === undefined || Number(length) !== Buffer.byteLength(body) || sum !== checksum(body)) return null;
  return JSON.parse(body) as JournalRecord;
}

function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}
