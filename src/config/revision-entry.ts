import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import { pathsBelow } from '../system/index.ts';

/** One file of a revision with all an operator may have chosen for it: content or link target, mode, owner. */
export type Entry = {
  readonly content: Content | null;
  readonly link: string | null;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** A secret was filled in: nobody else may read it, whatever the mode says. */
  readonly isSecret?: true;
};

/** Small content is held in memory; of large content, only its place and its digest. */
type Content = { readonly bytes: Buffer } | { readonly file: string; readonly sum: string };

export type Entries = ReadonlyMap<string, Entry>;

const MOST_HELD = 4 << 20;

/** Equal for entries with the same content; null = not there. */
export function digest(entry: Entry | undefined): string | null {
  if (entry === undefined) return null;
  if (entry.link !== null) return `-> ${entry.link}`;
  return entry.content !== null && 'sum' in entry.content
    ? entry.content.sum
    : sumOf(bytesOf(entry) ?? Buffer.alloc(0));
}

/** Whether two entries are the same in everything, mode and owner too; a link has neither. */
export function sameEntry(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (digest(a) !== digest(b)) return false;
  return a.link !== null || (a.mode === b.mode && a.uid === b.uid && a.gid === b.gid);
}

/** The content of a file that is held in memory; null for links and for large files. */
export function bytesOf(entry: Entry | undefined): Buffer | null {
  return entry?.content && 'bytes' in entry.content ? entry.content.bytes : null;
}

/** Every file and link below `folder`, by its path there; none if there is no folder. Pipes and sockets are left out. */
export function readFolder(folder: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  if (!fs.existsSync(folder)) return entries;
  for (const name of readable(folder, () => pathsBelow(folder))) {
    const entry = readEntry(path.join(folder, name));
    if (entry !== undefined) entries.set(name, entry);
    else if (name.includes('\uFFFD')) refuseIfUnnameable(path.join(folder, name));
  }
  return entries;
}

/** A file whose name is not UTF-8 can neither be opened by that name nor be left out without losing it. */
function refuseIfUnnameable(file: string): void {
  if (fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined) return;
  throw new PkgError('config-unusable', `cannot read ${file}: its name is not UTF-8`, { hint: 'rename it' });
}

/** A file or link; undefined for anything else and for what is not there. */
export function readEntry(file: string): Entry | undefined {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined || !(stat.isFile() || stat.isSymbolicLink())) return undefined;
  const common = { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
  if (stat.isSymbolicLink()) return { ...common, content: null, link: fs.readlinkSync(file) };
  const content = readable(file, () =>
    stat.size > MOST_HELD ? { file, sum: sumOfFile(file) } : { bytes: fs.readFileSync(file) },
  );
  return { ...common, content, link: null };
}

/** Writes an entry as new; never over one that is there. */
export function writeEntry(folder: string, name: string, entry: Entry): void {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (entry.link !== null) {
    fs.symlinkSync(entry.link, file);
    return;
  }
  if (entry.content !== null && 'file' in entry.content) {
    fs.copyFileSync(entry.content.file, file, fs.constants.COPYFILE_EXCL);
  } else {
    // Readable by others only after its real mode is set.
    fs.writeFileSync(file, bytesOf(entry) ?? '', { flag: 'wx', mode: 0o600 });
  }
  if (process.getuid?.() === 0) fs.chownSync(file, entry.uid, entry.gid);
  fs.chmodSync(file, entry.mode);
}

function readable<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new PkgError('config-unusable', `cannot read ${file}: ${(error as Error).message}`, {
      hint: 'run pkg as somebody who may read it, or move it away',
      cause: error,
    });
  }
}

function sumOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function sumOfFile(file: string): string {
  const hash = createHash('sha256');
  const part = Buffer.alloc(1 << 20);
  const descriptor = fs.openSync(file, fs.constants.O_RDONLY);
  try {
    for (let read = -1; read !== 0; ) {
      read = fs.readSync(descriptor, part);
      hash.update(part.subarray(0, read));
    }
  } finally {
    fs.closeSync(descriptor);
  }
  return hash.digest('hex');
}
