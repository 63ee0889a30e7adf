import { parentPort, workerData } from 'node:worker_threads';
import type { LaneData, Message, Reply } from './unpack-lane.ts';
import { type Order, unpackSection } from './unpack-section.ts';

// Reads, hashes and writes sections in a thread of its own, one after the other.
const TELL_AFTER = 1024 * 1024;
const { source, into } = workerData as LaneData;
let last: Promise<void> = Promise.resolve();
let [bytes, files] = [0, 0];

parentPort?.on('message', (message: Message | 'close') => {
  last = last.then(async () => {
    if (message === 'close') return parentPort?.close();
    const outcome = await unpackSection(JSON.parse(message.order) as Order, { source, into, count });
    tell({ n: message.n, outcome });
  });
});

function count(moreBytes: number, moreFiles: number): void {
  bytes += moreBytes;
  files += moreFiles;
  if (bytes >= TELL_AFTER) tell(null);
}

function tell(done: Reply['done']): void {
  parentPort?.postMessage({ bytes, files, done } satisfies Reply);
  [bytes, files] = [0, 0];
}
