import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import { isBeside } from './is-beside.ts';
import { digest, type Entries, type Entry, readEntry } from './revision-entry.ts';

/**
 * The files of a revision that a service reads; those beside them are for people. Files that we cannot read are left
 * out, because whoever starts a service need not be allowed to read them all.
 */
export function filesInUse(revision: string): Entries {
  return new Map(
    namesBelow(revision).flatMap((name): readonly (readonly [string, Entry])[] => {
      const entry = isBeside(name) ? null : entryOrNull(path.join(revision, name));
      return entry === null ? [] : [[name, entry]];
    }),
  );
}

/** File -> a mark that changes with its content, mode and owner. */
export function marksOf(entries: Entries): Readonly<Record<string, string>> {
  return Object.fromEntries([...entries].map(([name, entry]) => [name, markOf(entry)]));
}

/** A link has neither mode nor owner. */
export function markOf(entry: Entry): string {
  const { mode, uid, gid, link } = entry;
  const content = digest(entry) ?? '';
  return link === null ? `${content} ${mode.toString(8)} ${uid}:${gid}` : content;
}

/** The file as it is; null if it does not exist or cannot be read. */
export function entryOrNull(file: string): Entry | null {
  try {
    return readEntry(file) ?? null;
  } catch (error) {
    if (error instanceof PkgError) return null;
    throw error;
  }
}

function namesBelow(folder: string): readonly string[] {
  return entriesOf(folder)
    .flatMap((entry) =>
      entry.isDirectory()
        ? namesBelow(path.join(folder, entry.name)).map((name) => path.join(entry.name, name))
        : [entry.name],
    )
    .toSorted();
}

function entriesOf(folder: string): readonly fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
