import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, linkSync, openSync, readSync, rmSync } from 'node:fs';
import type { File } from '../archive/read-rows.ts';
import { storedMode } from './stored-mode.ts';

/** A file of the installed version, and the path where it would stand once more. */
export type Shared = { readonly entry: File; readonly twin: string; readonly path: string };

// What another file system, or one with its own rules for links, answers: then a copy is written.
const NO_LINK = new Set(['EMLINK', 'EXDEV', 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOENT', 'ENOSYS']);
const CHUNK = 256 * 1024;

/** Links all of these files, or none: each was looked at before, as the installed ones are trusted no more than new ones. */
export function shareFiles(files: readonly Shared[]): boolean {
  if (!files.every(({ entry, twin }) => isTwin(twin, entry))) return false;
  for (const [n, { twin, path }] of files.entries()) {
    if (linkFile(twin, path)) continue;
    for (const made of files.slice(0, n)) rmSync(made.path);
    return false;
  }
  return true;
}

/** Whether a file has the mode, the size and the sha256 that an entry says; with `bytes`, whether it holds them. */
export function isTwin(twin: string, entry: File, bytes: Buffer | null = null): boolean {
  let fd: number;
  try {
    fd = openSync(twin, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch {
    return false;
  }
  try {
    const found = fstatSync(fd);
    if (!found.isFile() || found.size !== entry.size || (found.mode & 0o7777) !== storedMode(entry.mode)) return false;
    return bytes === null ? sha256Of(fd, entry.size) === entry.sha256 : equals(fd, bytes);
  } catch {
    return false;
  } finally {
    closeSync(fd);
  }
}

/** Makes a hard link; false where files cannot be shared. */
export function linkFile(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (NO_LINK.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function equals(fd: number, bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; ) {
    const part = read(fd);
    if (part.length === 0 || !part.equals(bytes.subarray(at, at + part.length))) return false;
    at += part.length;
  }
  return true;
}

function sha256Of(fd: number, size: number): string {
  if (size < CHUNK) return hash('sha256', read(fd));
  const sum = createHash('sha256');
  for (let part = read(fd); part.length > 0; part = read(fd)) sum.update(part);
  return sum.digest('hex');
}

let scratch: Buffer | null = null;

// One for all files: as many as there are files would be more memory than everything else.
function read(fd: number): Buffer {
  scratch ??= Buffer.allocUnsafeSlow(CHUNK);
  return scratch.subarray(0, readSync(fd, scratch));
}
