import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import { quoted } from '../../model/index.ts';

/** The text of a file that was named on the command line; what could be waited for without end is refused. */
export function readGivenFile(file: string): string {
  try {
    const stat = fs.statSync(file);
    if (stat.isDirectory()) throw unreadable(file, 'it is a folder');
    if (stat.isCharacterDevice() || stat.isBlockDevice()) throw unreadable(file, 'it is a device');
    // A shell makes the pipe of `--settings <(vault …)` below /dev, and somebody writes to that.
    if (stat.isFIFO() && !/^\/(dev|proc)\//.test(path.resolve(file))) throw unreadable(file, 'it is a pipe');
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(fs.readFileSync(file));
  } catch (error) {
    if (error instanceof PkgError) throw error;
    throw unreadable(file, reasonOf(error as NodeJS.ErrnoException), error);
  }
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'no such file';
  if (code === 'EACCES') return 'permission denied';
  return code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not text in UTF-8' : message;
}

function unreadable(file: string, reason: string, cause?: unknown): PkgError {
  return new PkgError('no-such-file', `cannot read ${quoted(file)}: ${reason}`, { cause });
}
