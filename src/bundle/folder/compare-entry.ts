import { createHash, hash } from 'node:crypto';
import { closeSync, constants, lstatSync, openSync, readlinkSync, readSync, type Stats } from 'node:fs';
import type { FileEntry } from '../../model/index.ts';
import { storedMode } from '../unpack/stored-mode.ts';
import type { Damage } from './damage.ts';

type Change = Damage['change'];

const TYPES = { file: constants.S_IFREG, directory: constants.S_IFDIR, symlink: constants.S_IFLNK } as const;
const SMALL = 64 * 1024;
const CHUNK = 1024 * 1024;
let scratch: Buffer | null = null;

/** What is wrong with the type and mode of an unpacked entry; null when nothing is. */
export function shapeChange(entry: FileEntry, found: Stats | undefined): Change | null {
  if (found === undefined) return 'missing';
  if ((found.mode & constants.S_IFMT) !== TYPES[entry.type]) return 'type';
  if (entry.type === 'symlink') return null;
  const mode = entry.type === 'directory' ? 0o555 : storedMode(entry.mode);
  return (found.mode & 0o7777) === mode ? null : 'mode';
}

/** Whether the content of an unpacked entry is what was shipped. */
export function contentChange(path: string, entry: FileEntry, found: Stats): Change | null {
  if (entry.type === 'symlink') return readlinkSync(path) === entry.target ? null : 'changed';
  if (entry.type === 'directory') return null;
  return found.size === entry.size && sha256Of(path, entry.size) === entry.sha256 ? null : 'changed';
}

/** The entry itself, not what it leads to; undefined when it is not there. */
export function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // a parent that became a file
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function sha256Of(path: string, size: number): string {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    scratch ??= Buffer.allocUnsafeSlow(CHUNK);
    if (size <= SMALL) {
      const read = readSync(fd, scratch, 0, CHUNK, 0);
      return hash('sha256', scratch.subarray(0, read));
    }
    const sum = createHash('sha256');
    for (let read = readSync(fd, scratch); read > 0; read = readSync(fd, scratch))
      sum.update(scratch.subarray(0, read));
    return sum.digest('hex');
  } finally {
    closeSync(fd);
  }
}
