import { parentPort, workerData } from 'node:worker_threads';
import { createUnpacker, type Piece } from './unpack-files.ts';
import type { WorkerOrder } from './unpack-lane.ts';

// Hashes and writes batches in a thread of its own; gives every buffer back so that it is used again.
const unpacker = createUnpacker((workerData as { readonly into: string | null }).into);

parentPort?.on('message', (message: WorkerOrder | 'close') => {
  if (message === 'close') {
    unpacker.close();
    parentPort?.close();
    return;
  }
  const result = unpacker.take({ pieces: JSON.parse(message.pieces) as Piece[], buffer: message.buffer });
  parentPort?.postMessage({ result, buffer: message.buffer }, [message.buffer.buffer as ArrayBuffer]);
});
