import { parentPort, workerData } from 'node:worker_threads';
import { type Batch, createUnpacker } from './unpack-files.ts';

// Hashes and writes batches in a thread of its own; gives every buffer back so that it is used again.
const unpacker = createUnpacker((workerData as { readonly into: string | null }).into);

parentPort?.on('message', (message: Batch | 'close') => {
  if (message === 'close') {
    unpacker.close();
    parentPort?.close();
    return;
  }
  const result = unpacker.take(message);
  parentPort?.postMessage({ result, buffer: message.buffer }, [message.buffer.buffer as ArrayBuffer]);
});
