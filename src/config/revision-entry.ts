import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** One file of a revision with all an operator may have chosen for it: content or link target, mode, owner. */
export type Entry = {
  readonly content: Buffer | null;
  readonly link: string | null;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
};

/** Tells whether two entries hold the same; null = not there. */
export function digest(entry: Entry | undefined): string | null {
  if (entry === undefined) return null;
  return (
    entry.link ??
    createHash('sha256')
      .update(entry.content ?? '')
      .digest('hex')
  );
}

/** Every file and link below `folder`, by its path there; an absent folder has none. Pipes and sockets are nobody's configuration. */
export function readFolder(folder: string): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  if (!fs.existsSync(folder)) return entries;
  for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const entry = readEntry(path.join(folder, name));
    if (entry !== undefined) entries.set(name, entry);
  }
  return entries;
}

/** A file or link; undefined for anything else and for what is not there. */
export function readEntry(file: string): Entry | undefined {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined || !(stat.isFile() || stat.isSymbolicLink())) return undefined;
  const common = { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
  if (stat.isSymbolicLink()) return { ...common, content: null, link: fs.readlinkSync(file) };
  return { ...common, content: fs.readFileSync(file), link: null };
}

/** Writes an entry as new; never over one that is there. */
export function writeEntry(folder: string, name: string, entry: Entry): void {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  if (entry.link !== null) {
    fs.symlinkSync(entry.link, file);
    return;
  }
  fs.writeFileSync(file, entry.content ?? '', { flag: 'wx' });
  fs.chmodSync(file, entry.mode);
  if (process.getuid?.() === 0) fs.chownSync(file, entry.uid, entry.gid);
}
