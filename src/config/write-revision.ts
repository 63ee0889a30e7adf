import fs from 'node:fs';
import path from 'node:path';
import { flushPayload, removeTree, syncFolder } from '../system/index.ts';
import { sumsOf, sumsText } from './copy-sums.ts';
import { type Edited, withEdits } from './edits-since.ts';
import { type Entries, readFolder, sameEntry, writeEntry } from './revision-entry.ts';
import { type FileOutcome, type Settling, settleFiles } from './settle-files.ts';

export type RevisionRequest = Settling & {
  /** Revisions that were live in between, each with its untouched copy; edits made there are merged as well. */
  readonly via: readonly { readonly into: string; readonly created: string }[];
  /** Folder of the new revision, and of the untouched copy that later edits are compared with. */
  readonly into: string;
  readonly created: string;
  /** A copy of what the bundle ships, to merge with later, when the bundle itself may be gone. */
  readonly shipped: { readonly into: string; readonly entries: Entries };
  /** File with the checksums of the two copies. */
  readonly sums: string;
  /** Where work in progress may lie, on the same file system. */
  readonly temp: string;
};

/** Makes a new revision folder: under its name it is complete and durable, or does not exist. */
export async function writeRevision(request: RevisionRequest): Promise<readonly FileOutcome[]> {
  const settled = settleFiles(request);
  const entries = withEdits(settled.entries, request.via.map(editedIn), 'keep');
  if (fs.existsSync(request.into) && holds(request.created, entries)) return [];
  // What was written into it since it was made, by a hook or by hand, is an edit like any other.
  const made = fs.existsSync(request.into) ? withEdits(entries, [editedIn(request)], 'keep') : entries;
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
  const staged = path.join(request.temp, 'sums');
  // The sum of a short secret would give it away.
  fs.writeFileSync(staged, sumsText(sumsOf(entries, request.shipped.entries)), { mode: 0o600 });
  await flushPayload(request.temp);
  const above = path.dirname(request.into);
  if (fs.mkdirSync(above, { recursive: true }) !== undefined) syncFolder(path.dirname(above));
  for (const { into } of folders.toReversed()) removeTree(into);
  fs.renameSync(staged, request.sums);
  for (const folder of folders) fs.renameSync(folder.staged, folder.into);
  syncFolder(above);
  removeTree(request.temp);
  return settled.outcomes;
}

/** Whether a repeated merge has the same result as the first one. */
function holds(folder: string, entries: Entries): boolean {
  const there = readFolder(folder);
  if (!fs.existsSync(folder) || there.size !== entries.size) return false;
  return [...entries].every(([name, entry]) => sameEntry(there.get(name), entry));
}

function editedIn({ into, created }: Pick<RevisionRequest, 'into' | 'created'>): Edited {
  return { now: readFolder(into), created: readFolder(created) };
}
