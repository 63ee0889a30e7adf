import { closeSync, constants, openSync } from 'node:fs';
import { PkgError } from '../../error.ts';
import { fill, stampOf } from './hash-source.ts';

const PART = 64 * 1024;

/** Reads source files in parts whose buffers come back, so that a build needs a few of them and not one for every file. */
export class SourceReader {
  readonly #own = new WeakSet<ArrayBufferLike>();
  readonly #spare: Buffer[] = [];

  /** The bytes of a file that was hashed before: one that changed meanwhile would make an archive nobody accepts. */
  *parts({ file, stamp }: { readonly file: string; readonly stamp: number }, size: number): Generator<Buffer> {
    const fd = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      for (let missing = size; missing > 0; ) {
        const buffer = this.#spare.pop() ?? this.#another();
        const read = fill(fd, buffer.subarray(0, Math.min(missing, PART)));
        if (read === 0) break;
        missing -= read;
        yield buffer.subarray(0, read);
      }
      if (stampOf(fd) === stamp) return;
      throw new PkgError('source-invalid', `cannot pack ${file}: it was changed while it was packed`, {
        hint: 'build again when nothing writes to the folder',
      });
    } finally {
      closeSync(fd);
    }
  }

  /** Takes back a part; bytes that came from elsewhere are left alone. */
  giveBack(bytes: Buffer): void {
    if (this.#own.has(bytes.buffer)) this.#spare.push(Buffer.from(bytes.buffer));
  }

  #another(): Buffer {
    const buffer = Buffer.allocUnsafeSlow(PART);
    this.#own.add(buffer.buffer);
    return buffer;
  }
}
