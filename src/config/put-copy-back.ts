import fs from 'node:fs';
import path from 'node:path';
import { flushPayload, removeTree, syncFolder } from '../system/index.ts';
import { entryOrNull, filesInUse, markOf, marksOf } from './files-in-use.ts';
import { freeName } from './free-name.ts';
import { type Entries, readFolder, writeEntry } from './revision-entry.ts';

/** An edited revision, the copy that it is reset to, and the suffix under which edits are kept: `FILE.SUFFIX`. */
export type PutBack = {
  readonly revision: string;
  readonly copy: string;
  readonly suffix: string;
  /** Where work in progress may lie, on the same file system. */
  readonly temp: string;
};

/** One file that was put back; `keptAs` = the name under which its edit is kept, null if the file had been deleted. */
export type PutBackFile = { readonly file: string; readonly keptAs: string | null };

/**
 * Puts files back as they are in the copy. Every edit gets a second name before its own is taken, and each file changes
 * with one rename: what a crash leaves is a revision with less to put back.
 */
export async function putCopyBack({ revision, copy, suffix, temp }: PutBack): Promise<readonly PutBackFile[]> {
  const before = readFolder(copy);
  const [was, is] = [marksOf(before), marksOf(filesInUse(revision))];
  const differing = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => was[name] !== is[name]);
  await stage(differing, before, temp);
  const done = differing.toSorted().flatMap((name): readonly PutBackFile[] => {
    const file = path.join(revision, name);
    const isThere = isSomething(file);
    // It was moved together with the folder above it, which was in the place of a file.
    if (!isThere && !before.has(name)) return [];
    const keptAs = isThere ? keepBeside(revision, name, suffix) : null;
    if (before.has(name)) putInPlace(path.join(temp, name), file);
    else fs.rmSync(file, { force: true });
    syncFolder(path.dirname(file));
    return [{ file: name, keptAs }];
  });
  removeTree(temp);
  return done;
}

async function stage(names: readonly string[], before: Entries, temp: string): Promise<void> {
  removeTree(temp);
  fs.mkdirSync(temp, { recursive: true });
  for (const name of names) {
    const entry = before.get(name);
    if (entry !== undefined) writeEntry(temp, name, entry);
  }
  await flushPayload(temp);
}

/** A file gets a second name, and so does a folder in its place; a repeat after a crash adds no third. */
function keepBeside(revision: string, name: string, suffix: string): string {
  const file = path.join(revision, name);
  const known = `${name}.${suffix}`;
  const [edited, kept] = [entryOrNull(file), entryOrNull(path.join(revision, known))];
  if (edited !== null && kept !== null && markOf(edited) === markOf(kept)) return known;
  const free = freeName(revision, known);
  if (fs.lstatSync(file).isDirectory()) fs.renameSync(file, path.join(revision, free));
  else fs.linkSync(file, path.join(revision, free));
  syncFolder(path.dirname(file));
  return free;
}

function isSomething(file: string): boolean {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A file is in the place of its folder.
    return false;
  }
}

/** A folder that was deleted comes back with what was in it. */
function putInPlace(staged: string, file: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.renameSync(staged, file);
}
