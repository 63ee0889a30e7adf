import type { FileHandle } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { crc32, deflateRaw, type ZlibOptions } from 'node:zlib';
import { type Claims, encodeMember, MEMBER_HEADER, MEMBER_TRAILER, MOST_INFLATED } from './member.ts';

// one being compressed and one waiting for each processor; Node compresses in at most four threads
const AT_ONCE = 2 * Math.min(2, availableParallelism());
// one piece of output even for data that cannot be compressed, and never one that Node shares among callers
const MORE_OUTPUT = 64 * 1024;

const deflate: (data: Buffer, options: ZlibOptions) => Promise<Buffer> = promisify(deflateRaw);

/** Compresses pieces of a tar into a file, several at a time, each as a gzip member that can be read alone. */
export class MemberWriter {
  readonly #file: FileHandle;
  readonly #spare: Buffer[] = [];
  /** Members on their way, oldest first; each settles when it was written. */
  readonly #open: Promise<void>[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Room for one member. */
  buffer(): Buffer {
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(MOST_INFLATED);
  }

  /** Takes a buffer that came from here, of which `used` bytes are the tar of one member. */
  async add(buffer: Buffer, used: number, holds: Pick<Claims, 'kind' | 'firstRow' | 'rows'>): Promise<void> {
    const data = buffer.subarray(0, used);
    const chunkSize = used + MORE_OUTPUT;
    const compressed = deflate(data, { level: 6, memLevel: 9, chunkSize });
    const member = async (): Promise<void> => {
      const bytes = await compressed;
      await this.#write(wrap(bytes, data, holds));
      this.#spare.push(buffer);
      // Frees it now: the garbage collector would let tens of such buffers wait.
      if (bytes.buffer.byteLength === chunkSize) (bytes.buffer as ArrayBuffer).transfer(0);
    };
    this.#last = this.#last.then(member);
    // an error is seen where it is waited for, below or in `end`
    compressed.catch(() => {});
    this.#last.catch(() => {});
    this.#open.push(this.#last);
    if (this.#open.length >= AT_ONCE) await this.#open.shift();
  }

  async end(): Promise<void> {
    await this.#last;
  }

  async #write(parts: readonly Buffer[]): Promise<void> {
    for (const part of parts) {
      for (let at = 0; at < part.length; ) at += (await this.#file.write(part, at)).bytesWritten;
    }
  }
}

function wrap(
  compressed: Buffer,
  data: Buffer,
  holds: Pick<Claims, 'kind' | 'firstRow' | 'rows'>,
): readonly [Buffer, Buffer, Buffer] {
  const trailer = Buffer.alloc(MEMBER_TRAILER);
  trailer.writeUInt32LE(crc32(data), 0);
  trailer.writeUInt32LE(data.length, 4);
  const sum = crc32(trailer, crc32(compressed));
  const length = MEMBER_HEADER + compressed.length + MEMBER_TRAILER;
  return [encodeMember({ ...holds, length, inflated: data.length, sum }), compressed, trailer];
}
