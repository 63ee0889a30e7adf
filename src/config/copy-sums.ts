import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { readText, removeTree, syncFolder } from '../system/index.ts';
import { digest, type Entries, type Entry, readFolder, writeEntry } from './revision-entry.ts';

/** File -> its digest, for each of the two copies of a revision. */
export type CopySums = { readonly created: Sums; readonly shipped: Sums };

export type Sums = Readonly<Record<string, string>>;

/** The checksums of the copies as they are made. */
export function sumsOf(created: Entries, shipped: Entries): CopySums {
  return { created: digestsOf(created), shipped: digestsOf(shipped) };
}

/** The checksums as text, with a checksum of its own so that `readSums` notices any change. */
export function sumsText(sums: CopySums): string {
  const text = JSON.stringify(sums);
  return `${checksum(text)}\n${text}\n`;
}

/** null if an older pkg recorded none, `damaged` if the record was changed. */
export function readSums(file: string): CopySums | 'damaged' | null {
  const [sum, text = ''] = readText(file)?.split('\n') ?? [];
  if (sum === undefined) return null;
  return checksum(text) === sum ? (JSON.parse(text) as CopySums) : 'damaged';
}

/** The files of a copy that are not as they were made, each with what is wrong. */
export function damageOfCopy(folder: string, sums: Sums): readonly DamagedFile[] {
  const there = digestsOf(readFolder(folder));
  const lost = Object.keys(sums)
    .filter((file) => there[file] !== sums[file])
    .map((file): DamagedFile => ({ file, change: there[file] === undefined ? 'missing' : 'changed' }));
  const extra = Object.keys(there).filter((file) => sums[file] === undefined);
  return [...lost, ...extra.map((file): DamagedFile => ({ file, change: 'extra' }))];
}

export type DamagedFile = { readonly file: string; readonly change: 'missing' | 'changed' | 'extra' };

/** The file with this checksum, from the first folder that still has it; undefined if none has. */
export function findEntry(file: string, sum: string, folders: readonly string[]): Entry | undefined {
  return folders.map((folder) => readFolder(folder).get(file)).find((entry) => digest(entry) === sum);
}

/** Replaces one file of a copy by a rename; it is first written below `temp`. */
export function putEntry(
  folder: string,
  file: string,
  { entry, temp }: { readonly entry: Entry; readonly temp: string },
) {
  removeTree(temp);
  writeEntry(temp, file, entry);
  const target = path.join(folder, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  if (fs.lstatSync(target, { throwIfNoEntry: false })?.isDirectory() === true) removeTree(target);
  fs.renameSync(path.join(temp, file), target);
  syncFolder(path.dirname(target));
  removeTree(temp);
}

function digestsOf(entries: Entries): Sums {
  return Object.fromEntries([...entries].map(([name, entry]) => [name, digest(entry) ?? '']));
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
