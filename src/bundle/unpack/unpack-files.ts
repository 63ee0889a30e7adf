import { createHash, type Hash, hash } from 'node:crypto';
import { closeSync, constants, fchmodSync, openSync, writeSync } from 'node:fs';
import { BreachError } from '../archive/breach-error.ts';
import type { File, FileSink } from '../archive/read-rows.ts';
import { isTwin, linkFile } from './share-files.ts';
import { storedMode } from './stored-mode.ts';

/** An installed file that probably holds the same and can be shared by a hard link, or null. */
export type TwinOf = (entry: File) => string | null;

/** Hashes the files of an archive, and writes them below a folder. */
export type Unpacker = FileSink & { close(): void };

/** The system said no while this entry was unpacked; null when it was the archive that could not be read or copied. */
export class UnpackFailure extends Error {
  readonly path: string | null;

  constructor(path: string | null, message: string) {
    super(message);
    this.path = path;
  }
}

/** What comes out of a file that is being taken: `fd` null when nothing is written. */
type Open = { readonly sum: Hash; readonly fd: number | null };

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
const NOTHING = Buffer.alloc(0);

/** Makes an unpacker; with `into` null it only hashes. Files are created anew, never opened through what was there. */
export function createUnpacker(into: string | null, twinOf: TwinOf, onLink: () => void = () => {}): Unpacker {
  let entry: File | null = null;
  let open: Open | null = null;
  // asked once: asking is two calls of the system, which change it for a moment
  const umask = process.umask();

  const target = (file: File, bytes: Buffer | null): number | null => {
    if (into === null) return null;
    const path = `${into}/${file.path}`;
    const twin = twinOf(file);
    if (twin === null || !isTwin(twin, file, bytes) || !linkFile(twin, path))
      return create(path, storedMode(file.mode), umask);
    onLink();
    return null;
  };
  const takeWhole = (file: File, bytes: Buffer): void => {
    if (hash('sha256', bytes) !== file.sha256) throw new BreachError('sha256-mismatch', file.path);
    const fd = target(file, bytes);
    if (fd === null) return;
    try {
      writeAll(fd, bytes);
    } finally {
      closeSync(fd);
    }
  };
  // Its bytes are still to come, so the twin is judged by its own sha256.
  const takePart = (file: File, part: Buffer): void => {
    open ??= { sum: createHash('sha256'), fd: target(file, null) };
    open.sum.update(part);
    if (open.fd !== null) writeAll(open.fd, part);
  };
  const finish = (file: File, { sum, fd }: Open): void => {
    open = null;
    if (fd !== null) closeSync(fd);
    if (sum.digest('hex') !== file.sha256) throw new BreachError('sha256-mismatch', file.path);
  };
  return {
    file: (file) => {
      entry = file;
      if (file.size === 0) naming(file, () => takeWhole(file, NOTHING));
    },
    bytes: (part) => {
      const file = entry;
      if (file === null) return;
      naming(file, () => (part.length === file.size ? takeWhole(file, part) : takePart(file, part)));
    },
    fileEnd: () => {
      const [file, taken] = [entry, open];
      if (file !== null && taken !== null) naming(file, () => finish(file, taken));
    },
    close: () => {
      if (open !== null && open.fd !== null) closeSync(open.fd);
      open = null;
    },
  };
}

function naming(file: File, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw error instanceof BreachError ? error : new UnpackFailure(file.path, (error as Error).message);
  }
}

function create(path: string, mode: number, umask: number): number {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
  // a strict umask must not take reading from the users that services run as
  if ((mode & umask) !== 0) fchmodSync(fd, mode);
  return fd;
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at);
}
