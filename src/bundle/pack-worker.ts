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
    if (task.kind === 'hash') {
      parentPort?.postMessage({ answer: task.files.map((file) => hashSource(file)) }, []);
      return;
    }
    const { data } = task;
    // a copy of its own: what zlib returns may lie in a larger buffer, and all of that would travel
    const compressed = Uint8Array.from(deflateChunk(task));
    parentPort?.postMessage({ answer: { compressed, data } }, [compressed.buffer, data.buffer as ArrayBuffer]);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    parentPort?.postMessage({ failed: { code: code ?? 'UNKNOWN', message } }, []);
  }
});
