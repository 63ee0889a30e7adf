import fs from 'node:fs';
import { listProcesses, readText } from '../../src/system/index.ts';
import { readJournal } from '../../src/transaction/index.ts';
import { formatRecord, type JournalRecord } from '../../src/transaction/journal-record.ts';

/** The processes that wait for the end of a trial on this root, or for what else their words say. */
export function watchersOf(root: string, by: readonly string[] = ['recover', '--trial']): readonly number[] {
  return listProcesses()
    .filter(({ pid, isDead }) => !isDead && isWatcher(readText(`/proc/${pid}/cmdline`)?.split('\0') ?? [], root, by))
    .map(({ pid }) => pid);
}

function isWatcher(words: readonly string[], root: string, by: readonly string[]): boolean {
  return by.every((word) => words.includes(word)) && words[words.indexOf('--root') + 1] === root;
}

/** Lets a journal say something else, as if it had been written at another time. */
export function rewriteJournal(folder: string, change: (record: JournalRecord) => JournalRecord): void {
  const lines = readJournal(folder).records.map((record) => formatRecord(change(record)));
  fs.writeFileSync(`${folder}/journal.jsonl`, lines.join(''));
}
