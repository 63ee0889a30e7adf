import { constants, deflateRawSync } from 'node:zlib';

/** A part of the content, compressed by itself but with the bytes before it as dictionary. */
export type DeflateTask = {
  readonly data: Uint8Array;
  readonly dictionary: Uint8Array | null;
  readonly isLast: boolean;
};

/** How far back deflate looks. */
export const WINDOW = 32 * 1024;

// one piece of output even for data that cannot be compressed
const OUTPUT = 1024 * 1024 + 4096;

/** Compresses a part so that all parts one after the other are one deflate stream. */
export function deflateChunk(task: DeflateTask): Uint8Array {
  return deflateRawSync(task.data, {
    level: 6,
    memLevel: 9,
    chunkSize: OUTPUT,
    // a sync flush ends on a byte, without ending the stream
    finishFlush: task.isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    ...(task.dictionary === null ? {} : { dictionary: task.dictionary }),
  });
}
