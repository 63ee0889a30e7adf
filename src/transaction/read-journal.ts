import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import { type JournalRecord, parseRecord } from './journal-record.ts';
import { type JournalState, stateOf } from './journal-state.ts';

export type BeginRecord = Extract<JournalRecord, { readonly record: 'BEGIN' }>;

/** A journal as it stands on disk. `begin` is null when the transaction never began. */
export type Journal = {
  readonly begin: BeginRecord | null;
  readonly records: readonly JournalRecord[];
  readonly state: JournalState;
};

export const FORMAT_VERSION = '1';

/** The journal file of the transaction in `folder`. */
export function journalFile(folder: string): string {
  return path.join(folder, 'journal.jsonl');
}

/** What is known of the transaction in `folder`; a folder without a journal never began. */
export function readJournal(folder: string): Journal {
  const { records } = readRecords(journalFile(folder));
  const begin = records[0]?.record === 'BEGIN' ? records[0] : null;
  if (begin !== null) refuseNewerFormat(begin, folder);
  return { begin, records, state: stateOf(records) };
}

/** The records that verify, and the offset after the last one. */
export function readRecords(file: string): { readonly records: readonly JournalRecord[]; readonly end: number } {
  const records: JournalRecord[] = [];
  let end = 0;
  let offset = 0;
  for (const line of linesOf(file)) {
    offset += line.length + 1;
    const record = parseRecord(line.toString('utf8'));
    // A torn line is passed over, not taken for the end: a power cut may keep a later block and lose an earlier one,
    // and every record that verifies tells of something that did happen.
    if (record === null) continue;
    records.push(record);
    end = offset;
  }
  return { records, end };
}

function linesOf(file: string): readonly Buffer[] {
  if (!fs.existsSync(file)) return [];
  const bytes = fs.readFileSync(file);
  const lines: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const newline = bytes.indexOf(0x0a, from);
    const to = newline === -1 ? bytes.length : newline;
    lines.push(bytes.subarray(from, to));
    from = to + 1;
  }
  return lines;
}

function refuseNewerFormat(begin: BeginRecord, folder: string): void {
  if (Number(begin.formatVersion) <= Number(FORMAT_VERSION)) return;
  throw new PkgError(
    'newer-format',
    `cannot read ${journalFile(folder)}: it has format ${begin.formatVersion}, written by pkg ${begin.programVersion}; this pkg knows format ${FORMAT_VERSION}`,
    { hint: `use pkg ${begin.programVersion} or newer` },
  );
}
