import { closeSync, fchmodSync, openSync } from 'node:fs';
import { chmod, constants, copyFile } from 'node:fs/promises';
import { PkgError } from '../../error.ts';
import { hasIndex } from '../archive/member-index.ts';

/** An archive whose copy is kept: whatever is read and checked is what is in the copy. */
export type Copying = Disposable & {
  /** The file to read. */
  readonly file: string;
  /** Where all that is read has to be written, or null where nothing is left to be copied. */
  readonly copyFd: number | null;
};

const { COPYFILE_EXCL, COPYFILE_FICLONE_FORCE } = constants;

/** Reads an archive of which no copy is wanted. */
export function noCopy(file: string): Copying {
  return { file, copyFd: null, [Symbol.dispose]: () => {} };
}

/** Begins a copy, which is added to `made`: whole at once where files can share bytes, else while the archive is read. */
export async function beginCopy(from: string, to: string, made: string[]): Promise<Copying> {
  const isShared = await isCopied(from, to, COPYFILE_EXCL | COPYFILE_FICLONE_FORCE);
  if (!isShared && isDivided(from)) return copyLater(from, to, made);
  if (!isShared) await copyFile(from, to, COPYFILE_EXCL);
  made.push(to);
  await chmod(to, 0o644);
  return noCopy(to);
}

function copyLater(from: string, to: string, made: string[]): Copying {
  const fd = openSync(to, 'wx', 0o644);
  made.push(to);
  fchmodSync(fd, 0o644);
  return { file: from, copyFd: fd, [Symbol.dispose]: () => closeSync(fd) };
}

/** Whether a file system that can share bytes did so; the errors of a plain copy would be the same. */
async function isCopied(from: string, to: string, mode: number): Promise<boolean> {
  try {
    await copyFile(from, to, mode);
    return true;
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST' || syscall === undefined) throw cause;
    if (code !== 'ENOENT') return false;
    throw new PkgError('no-such-file', `cannot read archive ${from}: no such file`, { cause });
  }
}

function isDivided(file: string): boolean {
  const fd = openSync(file, 'r');
  try {
    return hasIndex(fd);
  } finally {
    closeSync(fd);
  }
}
