import { type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { WINDOW } from './deflate-chunk.ts';
import type { Deflated, PackThreads } from './pack-threads.ts';

const CHUNK = 1024 * 1024;
// no name, no time, Unix: nothing in it depends on where and when the archive was made
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);

/** Compresses bytes into a file in chunks of one size, several at a time, as one gzip member. */
export class GzipWriter {
  readonly #file: FileHandle;
  readonly #threads: PackThreads;
  #chunk: Buffer = Buffer.allocUnsafeSlow(CHUNK);
  readonly #free: Buffer[] = [];
  #used = 0;
  #dictionary: Uint8Array | null = null;
  #sum = 0;
  #length = 0;
  /** Chunks in order; each settles when it was written. */
  #written: Promise<void>[] = [];
  #last: Promise<void>;

  constructor(file: FileHandle, threads: PackThreads) {
    this.#file = file;
    this.#threads = threads;
    this.#last = this.#write(HEADER);
  }

  /** Where bytes can be put, at least one; `advance` says how many were. */
  room(): Buffer {
    return this.#chunk.subarray(this.#used);
  }

  async advance(length: number): Promise<void> {
    this.#used += length;
    if (this.#used === CHUNK) await this.#compress(false);
  }

  async add(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const part = bytes.subarray(at, at + this.room().length);
      this.room().set(part);
      at += part.length;
      await this.advance(part.length);
    }
  }

  async end(): Promise<void> {
    await this.#compress(true);
    await this.#last;
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#sum, 0);
    trailer.writeUInt32LE(this.#length % 2 ** 32, 4);
    await this.#write(trailer);
  }

  async #compress(isLast: boolean): Promise<void> {
    const data = this.#chunk.subarray(0, this.#used);
    const dictionary = this.#dictionary;
    this.#sum = crc32(data, this.#sum);
    this.#length += data.length;
    // copied before the chunk is given away to a thread
    this.#dictionary = Uint8Array.from(data.subarray(-WINDOW));
    const deflated = this.#threads.deflate({ data, dictionary, isLast });
    this.#used = 0;
    const before = this.#last;
    this.#last = this.#inOrder(before, deflated);
    // an error is seen where it is waited for, in `end` or below
    this.#last.catch(() => {});
    this.#written.push(this.#last);
    if (this.#written.length > this.#threads.width) await this.#written.shift();
    this.#chunk = this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK);
  }

  async #inOrder(before: Promise<void>, deflated: Promise<Deflated>): Promise<void> {
    const [{ compressed, data }] = await Promise.all([deflated, before]);
    this.#free.push(Buffer.from(data.buffer as ArrayBuffer));
    await this.#write(compressed);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += (await this.#file.write(bytes, at)).bytesWritten;
  }
}
