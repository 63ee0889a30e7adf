import { Worker } from 'node:worker_threads';
import type { Source } from '../archive/read-member.ts';
import type { Order, Outcome } from './unpack-section.ts';
import { WORKER_LIMITS, workerFile } from './worker-file.ts';

/** What every section of an archive needs. */
export type LaneData = { readonly source: Source; readonly into: string | null };

/** A thread that reads sections one after the other. */
export type Lane = {
  /** Sections given and not yet answered. */
  waiting(): number;
  give(n: number, order: Order): void;
  close(): Promise<void>;
};

/** A section on its way to a thread: as text, because cloning many small objects takes several times as long. */
export type Message = { readonly n: number; readonly order: string };

/** How far a thread is: bytes of content and whole files read since the last reply, and the section that is done, if one is. */
export type Reply = {
  readonly bytes: number;
  readonly files: number;
  readonly done: { readonly n: number; readonly outcome: Outcome } | null;
};

/** Starts a thread; `answer` hears all that it replies. */
export function threadLane(data: LaneData, answer: (reply: Reply) => void): Lane {
  const worker = new Worker(workerFile('unpack-worker', import.meta.url), {
    workerData: data,
    resourceLimits: WORKER_LIMITS,
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  let waiting = 0;
  worker.on('message', (reply: Reply) => {
    if (reply.done !== null) waiting -= 1;
    answer(reply);
  });
  worker.on('error', ({ message }: Error) => {
    waiting = 0;
    answer({ bytes: 0, files: 0, done: { n: 0, outcome: { kind: 'failed', path: null, message } } });
  });
  return {
    waiting: () => waiting,
    give: (n, order) => {
      waiting += 1;
      worker.postMessage({ n, order: JSON.stringify(order) } satisfies Message);
    },
    close: async () => {
      worker.postMessage('close');
      await ended;
    },
  };
}
