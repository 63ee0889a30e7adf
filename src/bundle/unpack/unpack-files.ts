import { createHash, type Hash, hash } from 'node:crypto';
import { closeSync, constants, fchmodSync, fstatSync, linkSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Some bytes of one file, lying one after the other in the buffer of a batch. */
export type Piece = {
  readonly path: string;
  readonly mode: '0644' | '0755';
  readonly size: number;
  readonly sha256: string;
  /** Bytes of this file in this batch. */
  readonly length: number;
  readonly first: boolean;
  readonly last: boolean;
  /** A file that probably holds the same and can be shared by a hard link, or null. */
  readonly twin: string | null;
};

export type Batch = { readonly pieces: readonly Piece[]; readonly buffer: Uint8Array };

/** What became of a batch; `mismatch` is the entry whose bytes are not those of the table. */
export type BatchResult =
  | { readonly kind: 'done'; readonly linked: number }
  | { readonly kind: 'mismatch'; readonly path: string }
  | { readonly kind: 'failed'; readonly path: string; readonly code: string; readonly message: string };

/** Writes batches below `into`, or only hashes them when it is null. */
export type Unpacker = { take(batch: Batch): BatchResult; close(): void };

type OpenFile = { readonly hash: Hash; readonly fd: number | null };

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

// What another file system, or one with its own rules for links, answers: then a copy is written.
const NO_LINK = new Set(['EMLINK', 'EXDEV', 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOENT', 'ENOSYS']);

/** Makes an unpacker; every file is created anew, never opened through anything that was there before. */
export function createUnpacker(into: string | null): Unpacker {
  let open: OpenFile | null = null;
  const takePiece = (piece: Piece, bytes: Uint8Array): { readonly matches: boolean; readonly linked: boolean } => {
    if (piece.first && piece.last) return wholeFile(into, piece, bytes);
    open ??= openFile(into, piece);
    open.hash.update(bytes);
    if (open.fd !== null) writeAll(open.fd, bytes);
    if (!piece.last) return { matches: true, linked: false };
    const { hash: sum, fd } = open;
    open = null;
    if (fd !== null) closeSync(fd);
    return { matches: sum.digest('hex') === piece.sha256, linked: into !== null && fd === null };
  };
  return {
    take: ({ pieces, buffer }) => {
      let [at, linked] = [0, 0];
      for (const piece of pieces) {
        const bytes = buffer.subarray(at, at + piece.length);
        at += piece.length;
        try {
          const done = takePiece(piece, bytes);
          if (!done.matches) return { kind: 'mismatch', path: piece.path };
          linked += done.linked ? 1 : 0;
        } catch (error) {
          const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
          return { kind: 'failed', path: piece.path, code, message };
        }
      }
      return { kind: 'done', linked };
    },
    close: () => {
      if (open !== null && open.fd !== null) closeSync(open.fd);
      open = null;
    },
  };
}

/** The mode of a file in the store, where nothing is ever written again. */
export function storedMode(mode: '0644' | '0755'): number {
  return mode === '0755' ? 0o555 : 0o444;
}

function wholeFile(into: string | null, piece: Piece, bytes: Uint8Array): { matches: boolean; linked: boolean } {
  if (hash('sha256', bytes) !== piece.sha256) return { matches: false, linked: false };
  if (into === null) return { matches: true, linked: false };
  const path = join(into, piece.path);
  if (piece.twin !== null && holds(piece.twin, piece, bytes) && link(piece.twin, path))
    return { matches: true, linked: true };
  const fd = create(path, piece.mode);
  try {
    writeAll(fd, bytes);
  } finally {
    closeSync(fd);
  }
  return { matches: true, linked: false };
}

// A file larger than a batch: its bytes are still to come, so the twin is judged by its own sha256.
function openFile(into: string | null, piece: Piece): OpenFile {
  const sum = createHash('sha256');
  if (into === null) return { hash: sum, fd: null };
  const path = join(into, piece.path);
  if (piece.twin !== null && holds(piece.twin, piece, null) && link(piece.twin, path)) return { hash: sum, fd: null };
  return { hash: sum, fd: create(path, piece.mode) };
}

function create(path: string, mode: '0644' | '0755'): number {
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, storedMode(mode));
  // a strict umask must not take reading from the users that services run as
  if ((storedMode(mode) & process.umask()) !== 0) fchmodSync(fd, storedMode(mode));
  return fd;
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at);
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (NO_LINK.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

// The installed file is trusted no more than a new one: its bytes and mode are looked at again.
function holds(twin: string, piece: Piece, bytes: Uint8Array | null): boolean {
  let fd: number;
  try {
    fd = openSync(twin, O_RDONLY | O_NOFOLLOW);
  } catch {
    return false;
  }
  try {
    const found = fstatSync(fd);
    if (!found.isFile() || found.size !== piece.size || (found.mode & 0o7777) !== storedMode(piece.mode)) return false;
    return bytes === null ? sha256Of(fd) === piece.sha256 : equals(fd, bytes);
  } catch {
    return false;
  } finally {
    closeSync(fd);
  }
}

function equals(fd: number, bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const read = readSync(fd, scratch());
    if (
      read === 0 ||
      !scratch()
        .subarray(0, read)
        .equals(bytes.subarray(at, at + read))
    )
      return false;
    at += read;
  }
  return true;
}

function sha256Of(fd: number): string {
  const sum = createHash('sha256');
  for (let read = readSync(fd, scratch()); read > 0; read = readSync(fd, scratch()))
    sum.update(scratch().subarray(0, read));
  return sum.digest('hex');
}

let scratchBuffer: Buffer | null = null;

// One for all files: as many as there are files would be more memory than everything else.
function scratch(): Buffer {
  scratchBuffer ??= Buffer.allocUnsafeSlow(256 * 1024);
  return scratchBuffer;
}
