import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { flushPayload, removeTree, syncFolder } from '../system/index.ts';
import { filesInUse, marksOf } from './files-in-use.ts';
import { type Entries, writeEntry } from './revision-entry.ts';

const COPY = '.loaded-';

/** What is to be kept, and where. */
export type CopyRequest = {
  readonly entries: Entries;
  /** The folder in which the copy gets a name. */
  readonly beside: string;
  /** A folder there that may hold the same already: then it is the copy. */
  readonly made: string;
  /** Where work in progress may lie, on the same file system. */
  readonly temp: string;
};

/** Copies files as they are now into a folder below `beside`, durable and complete; returns its name. May be repeated. */
export async function keepCopy({ entries, beside, made, temp }: CopyRequest): Promise<string> {
  const marks = marksOf(entries);
  const name = `${COPY}${createHash('sha256').update(JSON.stringify(marks)).digest('hex').slice(0, 12)}`;
  const there = [made, name].find((one) => isDeepStrictEqual(marksOf(filesInUse(path.join(beside, one))), marks));
  if (there !== undefined) return there;
  removeTree(temp);
  fs.mkdirSync(temp, { recursive: true });
  for (const [file, entry] of entries) writeEntry(temp, file, entry);
  await flushPayload(temp);
  removeTree(path.join(beside, name));
  fs.renameSync(temp, path.join(beside, name));
  syncFolder(beside);
  return name;
}

/** Removes the copies below `beside` that nobody names any more. */
export function forgetCopies(beside: string, named: readonly string[]): void {
  if (!fs.existsSync(beside)) return;
  const unnamed = fs.readdirSync(beside).filter((name) => name.startsWith(COPY) && !named.includes(name));
  for (const name of unnamed) removeTree(path.join(beside, name));
}
