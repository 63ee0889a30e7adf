import type { FileHandle } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, type ZlibOptions } from 'node:zlib';

const CHUNK = 1024 * 1024;
// one piece of output even for data that cannot be compressed
const OUTPUT = CHUNK + 4096;
/** How far back deflate looks. */
const WINDOW = 32 * 1024;
// one being compressed and one waiting for each processor; Node compresses in at most four threads
const AT_ONCE = 2 * Math.min(2, availableParallelism());
// no name, no time, Unix: nothing in it depends on where and when the archive was made
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);

const deflate: (data: Buffer, options: ZlibOptions) => Promise<Buffer> = promisify(deflateRaw);

/** Compresses bytes into a file in chunks of one size, several at a time, as one gzip member. */
export class GzipWriter {
  readonly #file: FileHandle;
  readonly #free: Buffer[] = [];
  #chunk: Buffer = Buffer.allocUnsafeSlow(CHUNK);
  #used = 0;
  #dictionary: Buffer | null = null;
  #sum = 0;
  #length = 0;
  /** Chunks on their way, oldest first; each settles when it was written. */
  readonly #open: Promise<void>[] = [];
  #last: Promise<void>;

  constructor(file: FileHandle) {
    this.#file = file;
    this.#last = this.#write(HEADER);
  }

  /** Takes the bytes in; they may be used again afterwards. */
  async add(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const taken = bytes.copy(this.#chunk, this.#used, at);
      at += taken;
      this.#used += taken;
      if (this.#used === CHUNK) await this.#compress(constants.Z_SYNC_FLUSH);
    }
  }

  async end(): Promise<void> {
    await this.#compress(constants.Z_FINISH);
    await this.#last;
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#sum, 0);
    trailer.writeUInt32LE(this.#length % 2 ** 32, 4);
    await this.#write(trailer);
  }

  // A sync flush ends a chunk on a byte without ending the stream, so that the chunks make one stream together.
  async #compress(finishFlush: number): Promise<void> {
    const chunk = this.#chunk;
    const data = chunk.subarray(0, this.#used);
    const dictionary = this.#dictionary === null ? {} : { dictionary: this.#dictionary };
    const compressed = deflate(data, { level: 6, memLevel: 9, chunkSize: OUTPUT, finishFlush, ...dictionary });
    this.#sum = crc32(data, this.#sum);
    this.#length += data.length;
    // a copy: the chunk is filled anew while the next one is still compressed with it
    this.#dictionary = Buffer.from(data.subarray(-WINDOW));
    this.#used = 0;
    this.#last = this.#inOrder(this.#last, compressed, chunk);
    // an error is seen where it is waited for, in `end` or below
    this.#last.catch(() => {});
    this.#open.push(this.#last);
    if (this.#open.length >= AT_ONCE) await this.#open.shift();
    this.#chunk = this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK);
  }

  async #inOrder(before: Promise<void>, compressed: Promise<Buffer>, chunk: Buffer): Promise<void> {
    const [bytes] = await Promise.all([compressed, before]);
    this.#free.push(chunk);
    await this.#write(bytes);
    // Frees it now: the garbage collector would let tens of such buffers wait. What has another size may be shared.
    if (bytes.buffer.byteLength === OUTPUT) (bytes.buffer as ArrayBuffer).transfer(0);
  }

  async #write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) at += (await this.#file.write(bytes, at)).bytesWritten;
  }
}
