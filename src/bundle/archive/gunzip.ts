import { type FileHandle, open } from 'node:fs/promises';
import type { TransformOptions } from 'node:stream';
import { crc32, createInflateRaw, type InflateRaw, type ZlibOptions } from 'node:zlib';
import { BreachError } from './breach-error.ts';

const TRAILER = 8;
const PART = 256 * 1024;
// inflated ahead of the reader, so that neither waits for the other
const AHEAD = 1 * 1024 * 1024;
const MOST_HEADER = 64 * 1024;

/**
 * The bytes inside a gzip file of exactly one member; anything before, after or instead breaks a rule. A chunk is gone
 * when the next one is asked for.
 */
export async function* gunzip(file: string): AsyncGenerator<Buffer> {
  await using handle = await open(file, 'r');
  const start = await headerLength(handle);
  // the types do not know that zlib streams take the options of streams
  const ahead: ZlibOptions & TransformOptions = { chunkSize: PART, highWaterMark: AHEAD };
  const inflate = createInflateRaw(ahead);
  feed(inflate, handle, start).catch((error: Error) => inflate.destroy(error));
  let sum = 0;
  let length = 0;
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      sum = crc32(chunk, sum);
      length += chunk.length;
      yield chunk;
      free(chunk);
    }
  } catch (error) {
    throw inflateError(error);
  } finally {
    inflate.destroy();
  }
  // bytesWritten counts what the inflater consumed, so this is exactly where the member ends
  await checkTrailer(handle, { at: start + inflate.bytesWritten, sum, length });
}

// Done with at once when its last bytes were taken: the garbage collector would let a hundred of them wait, and be
// called for each of those hundreds.
function free(chunk: Buffer): void {
  const { buffer, byteOffset, byteLength } = chunk;
  if (buffer.byteLength === PART && byteOffset + byteLength === PART) (buffer as ArrayBuffer).transfer(0);
}

// One buffer for all parts: the inflater asks for more when it took everything in. It never asks again after the end of
// the member, so nobody waits for this to finish.
async function feed(inflate: InflateRaw, handle: FileHandle, start: number): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(PART);
  for (let at = start; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, PART, at);
    if (bytesRead === 0) break;
    at += bytesRead;
    await new Promise<void>((resolve, reject) => {
      inflate.write(buffer.subarray(0, bytesRead), (error) => (error ? reject(error) : resolve()));
    });
  }
  inflate.end();
}

// RFC 1952: ten bytes, then what the flags announce. `gzip FILE` writes the file name there.
async function headerLength(handle: FileHandle): Promise<number> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(MOST_HEADER), 0, MOST_HEADER, 0);
  const bytes = buffer.subarray(0, bytesRead);
  if (bytes[0] !== 0x1f || (bytes.length > 1 && bytes[1] !== 0x8b)) throw new BreachError('not-gzip', null);
  if (bytes.length < 10) throw new BreachError('truncated', null);
  const flags = bytes[3] ?? 0;
  if (bytes[2] !== 8 || (flags & 0xe0) !== 0) throw new BreachError('not-gzip', null);
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  if ((flags & 8) !== 0) at = afterText(bytes, at);
  if ((flags & 16) !== 0) at = afterText(bytes, at);
  if ((flags & 2) !== 0) at += 2;
  if (at > bytes.length) throw new BreachError('truncated', null);
  return at;
}

function afterText(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(0, from);
  return end === -1 ? bytes.length + 1 : end + 1;
}

async function checkTrailer(handle: FileHandle, end: { at: number; sum: number; length: number }): Promise<void> {
  const { size } = await handle.stat();
  if (size < end.at + TRAILER) throw new BreachError('truncated', null);
  const { buffer } = await handle.read(Buffer.alloc(TRAILER), 0, TRAILER, end.at);
  const matches = buffer.readUInt32LE(0) === end.sum && buffer.readUInt32LE(4) === end.length % 2 ** 32;
  if (!matches) throw new BreachError('gzip-checksum', null);
  if (size > end.at + TRAILER) throw new BreachError('gzip-trailing-data', null, `${size - end.at - TRAILER} bytes`);
}

function inflateError(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'Z_BUF_ERROR') return new BreachError('truncated', null);
  if (code === 'Z_DATA_ERROR' || code === 'Z_NEED_DICT') return new BreachError('gzip-damaged', null);
  return error;
}
