import fs from 'node:fs';
import path from 'node:path';
import { flushPayload, removeTree, syncFolder } from '../system/index.ts';
import { type Entries, readFolder, sameEntry, writeEntry } from './revision-entry.ts';
import { type FileOutcome, type Settling, settleFiles } from './settle-files.ts';

export type RevisionRequest = Settling & {
  /** Revisions that were live in between, each with its untouched copy: what was edited there is taken along. */
  readonly via: readonly { readonly into: string; readonly created: string }[];
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
  const settled = settleFiles(request);
  const { entries } = request.via.reduce(withEditsOf, settled);
  if (fs.existsSync(request.into) && holds(request.created, entries)) return [];
  const made = withEditsOf({ entries }, request).entries;
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
  return settled.outcomes;
}

/** Whether a merge that is repeated came to what was made before. */
function holds(folder: string, entries: Entries): boolean {
  const there = readFolder(folder);
  if (!fs.existsSync(folder) || there.size !== entries.size) return false;
  return [...entries].every(([name, entry]) => sameEntry(there.get(name), entry));
}

/** What was written into a revision since it was made, by a hook or by hand, is an edit like any other. */
function withEditsOf(
  { entries }: { readonly entries: Entries },
  { into, created }: Pick<RevisionRequest, 'into' | 'created'>,
): { readonly entries: Entries } {
  if (!fs.existsSync(into)) return { entries };
  const again = { mine: readFolder(into), base: readFolder(created), theirs: entries };
  return settleFiles({ ...again, how: new Map(), policy: 'keep', exact: null, choices: new Map() });
}
