import fs from 'node:fs';
import path from 'node:path';
import { flushPayload, removeTree, syncFolder } from '../system/index.ts';
import { type Entries, readFolder, sameEntry, writeEntry } from './revision-entry.ts';
import { type FileOutcome, type Settling, settleFiles } from './settle-files.ts';

export type RevisionRequest = Settling & {
  /** Folder of the new revision, and of the untouched copy that later edits are measured against. */
  readonly into: string;
  readonly created: string;
  /** Where what the bundle ships is kept, to merge with when the bundle itself is long gone. */
  readonly shipped: { readonly into: string; readonly entries: Entries };
  /** Where work in progress may lie, on the same file system. */
  readonly temp: string;
};

/** Makes a new revision folder, complete and durable under its name or not there at all. */
export async function writeRevision(request: RevisionRequest): Promise<readonly FileOutcome[]> {
  const { entries, outcomes } = settleFiles(request);
  if (fs.existsSync(request.into) && holds(request.created, entries)) return [];
  const made = withEditsOf(request, entries);
  removeTree(request.temp);
  const folders = [
    { into: request.shipped.into, entries: request.shipped.entries },
    { into: request.created, entries },
    // Last: a revision that is there under its name is complete.
    { into: request.into, entries: made },
  ].map((folder, n) => ({ ...folder, staged: path.join(request.temp, String(n)) }));
  for (const folder of folders) {
    fs.mkdirSync(folder.staged, { recursive: true });
    for (const [name, entry] of folder.entries) writeEntry(folder.staged, name, entry);
  }
  await flushPayload(request.temp);
  fs.mkdirSync(path.dirname(request.into), { recursive: true });
  for (const { into } of folders.toReversed()) removeTree(into);
  for (const { staged, into } of folders) fs.renameSync(staged, into);
  syncFolder(path.dirname(request.into));
  removeTree(request.temp);
  return outcomes;
}

/** Whether a merge that is repeated came to what was made before. */
function holds(folder: string, entries: Entries): boolean {
  const there = readFolder(folder);
  if (!fs.existsSync(folder) || there.size !== entries.size) return false;
  return [...entries].every(([name, entry]) => sameEntry(there.get(name), entry));
}

/** A hook that ran since the first merge may have written into the revision; that is an edit like any other. */
function withEditsOf({ into, created }: RevisionRequest, entries: Entries): Entries {
  if (!fs.existsSync(into)) return entries;
  const again = { mine: readFolder(into), base: readFolder(created), theirs: entries };
  return settleFiles({ ...again, how: new Map(), policy: 'keep', exact: null, choices: new Map() }).entries;
}
