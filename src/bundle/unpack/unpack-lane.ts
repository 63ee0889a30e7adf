import { Worker } from 'node:worker_threads';
import { type BatchResult, createUnpacker, type Piece } from './unpack-files.ts';
import { WORKER_LIMITS, workerFile } from './worker-file.ts';

/** A batch on its way to a thread. */
export type WorkerOrder = { readonly pieces: string; readonly buffer: Uint8Array };

/** One place where batches are worked on in order: a thread, or this one for small bundles. */
export type Lane = {
  /** Batches given and not yet answered. */
  waiting(): number;
  give(pieces: readonly Piece[], buffer: Uint8Array): void;
  close(): Promise<void>;
};

/** Called with every answer and the buffer, which may be used again. */
export type Answer = (result: BatchResult, buffer: Uint8Array) => void;

/** A lane in this thread: starting one costs more than a small bundle takes. */
export function inlineLane(into: string | null, answer: Answer): Lane {
  const unpacker = createUnpacker(into);
  return {
    waiting: () => 0,
    give: (pieces, buffer) => answer(unpacker.take({ pieces, buffer }), buffer),
    close: async () => unpacker.close(),
  };
}

/** A lane in a thread of its own. */
export function threadLane(into: string | null, answer: Answer): Lane {
  const worker = new Worker(workerFile('unpack-worker', import.meta.url), {
    workerData: { into },
    resourceLimits: WORKER_LIMITS,
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let waiting = 0;
  worker.on('message', (message: { readonly result: BatchResult; readonly buffer: Uint8Array }) => {
    waiting -= 1;
    answer(message.result, message.buffer);
  });
  worker.on('error', (error: Error) => {
    answer({ kind: 'failed', path: '', code: 'WORKER', message: error.message }, new Uint8Array(0));
  });
  return {
    waiting: () => waiting,
    give: (pieces, buffer) => {
      waiting += 1;
      // as text: cloning many small objects takes several times as long
      const order: WorkerOrder = { pieces: JSON.stringify(pieces), buffer };
      worker.postMessage(order, [buffer.buffer as ArrayBuffer]);
    },
    close: async () => {
      worker.postMessage('close', []);
      await ended;
    },
  };
}
