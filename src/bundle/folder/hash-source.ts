import { createHash, hash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** What a source file was when it was hashed; the same again when it is packed. */
export type Hashed = { readonly size: number; readonly sha256: string; readonly stamp: number };

const WHOLE = 1024 * 1024;
let scratch: Buffer | null = null;

/** Hashes a file of the source folder. */
export function hashSource(file: string): Hashed {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const stamp = stampOf(fd);
    scratch ??= Buffer.allocUnsafeSlow(WHOLE);
    let read = fill(fd, scratch);
    if (read < WHOLE) return { size: read, sha256: hash('sha256', scratch.subarray(0, read)), stamp };
    const sum = createHash('sha256');
    let size = 0;
    for (; read > 0; read = fill(fd, scratch)) {
      sum.update(scratch.subarray(0, read));
      size += read;
    }
    return { size, sha256: sum.digest('hex'), stamp };
  } finally {
    closeSync(fd);
  }
}

/** Changes whenever the content of an open file, or what stands at its name, could have changed. */
export function stampOf(fd: number): number {
  return fstatSync(fd).ctimeMs;
}

/** Reads until the buffer is full or the file ends. */
export function fill(fd: number, buffer: Uint8Array): number {
  let at = 0;
  while (at < buffer.length) {
    const read = readSync(fd, buffer, at, buffer.length - at, null);
    if (read === 0) break;
    at += read;
  }
  return at;
}
