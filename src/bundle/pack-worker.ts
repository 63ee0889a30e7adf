import { parentPort } from 'node:worker_threads';
import { deflateChunk } from './deflate-chunk.ts';
import { hashSource } from './hash-source.ts';
import type { PackTask } from './pack-threads.ts';

// Hashes source files and compresses chunks in a thread of its own.
parentPort?.on('message', (task: PackTask | 'close') => {
  if (task === 'close') {
    parentPort?.close();
    return;
  }
  try {
    parentPort?.postMessage({ answer: work(task) }, []);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    parentPort?.postMessage({ failed: { code: code ?? 'UNKNOWN', message } }, []);
  }
});

function work(task: PackTask): unknown {
  return task.kind === 'hash' ? task.files.map((file) => hashSource(file)) : deflateChunk(task);
}
