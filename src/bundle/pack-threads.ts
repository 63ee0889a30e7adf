import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type DeflateTask, deflateChunk } from './deflate-chunk.ts';
import { type Hashed, hashSource } from './hash-source.ts';
import { WORKER_LIMITS, workerFile } from './worker-file.ts';

export type PackTask =
  | { readonly kind: 'hash'; readonly files: readonly string[] }
  | ({ readonly kind: 'deflate' } & DeflateTask);

/** Does the work of a build: in threads, or in this one when there is little. */
export type PackThreads = {
  hash(files: readonly string[]): Promise<readonly Hashed[]>;
  /** `data` is what was given, to be used again: a thread that has it takes it away from here. */
  deflate(task: DeflateTask): Promise<Deflated>;
  /** How many tasks keep every thread busy. */
  readonly width: number;
  close(): Promise<void>;
};

export type Deflated = { readonly compressed: Uint8Array; readonly data: Uint8Array };

/** Everything in this thread: starting others costs more than a small bundle takes. */
export function inThisThread(): PackThreads {
  return {
    hash: async (files) => files.map((file) => hashSource(file)),
    deflate: async (task) => ({ compressed: deflateChunk(task), data: task.data }),
    width: 1,
    close: async () => {},
  };
}

/** One thread per processor, each task given to the one with the fewest. */
export function inOtherThreads(): PackThreads {
  const threads = Array.from({ length: availableParallelism() }, startThread);
  const run = async (task: PackTask, give: readonly ArrayBuffer[] = []): Promise<unknown> =>
    await threads.reduce((best, thread) => (thread.waiting() < best.waiting() ? thread : best)).run(task, give);
  return {
    hash: async (files) => (await run({ kind: 'hash', files })) as readonly Hashed[],
    deflate: async (task) => (await run({ kind: 'deflate', ...task }, [task.data.buffer as ArrayBuffer])) as Deflated,
    width: threads.length * 2,
    close: async () => {
      await Promise.all(threads.map((thread) => thread.close()));
    },
  };
}

type Thread = {
  waiting(): number;
  run(task: PackTask, give: readonly ArrayBuffer[]): Promise<unknown>;
  close(): Promise<void>;
};

type Answer = { readonly answer: unknown } | { readonly failed: { readonly code: string; readonly message: string } };

function startThread(): Thread {
  const worker = new Worker(workerFile('pack-worker', import.meta.url), { resourceLimits: WORKER_LIMITS });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const open: { resolve(value: unknown): void; reject(error: Error): void }[] = [];
  worker.on('message', (message: Answer) => {
    const task = open.shift();
    if ('answer' in message) task?.resolve(message.answer);
    else task?.reject(Object.assign(new Error(message.failed.message), { code: message.failed.code }));
  });
  worker.on('error', (error: Error) => {
    for (const task of open.splice(0)) task.reject(error);
  });
  return {
    waiting: () => open.length,
    run: async (task, give) =>
      await new Promise<unknown>((resolve, reject) => {
        open.push({ resolve, reject });
        worker.postMessage(task, [...give]);
      }),
    close: async () => {
      worker.postMessage('close', []);
      await ended;
    },
  };
}
