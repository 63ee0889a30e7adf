import type { Streams } from './streams.ts';

/** Watches stdout; the answer, asked for once everything was written, is why some of it was lost, or null. */
export function watchOutput({ output }: Streams): () => Promise<Error | null> {
  let lost: Error | null = null;
  const note = (error: NodeJS.ErrnoException | null | undefined): void => {
    // Whoever closes a pipe has read enough.
    if (error && error.code !== 'EPIPE') lost ??= error;
  };
  output.on('error', note);
  // The error of a write is told some turns later, before the answer to the next write.
  return async () => {
    if (output.writable) await new Promise<void>((resolve) => output.write('', () => resolve()));
    await new Promise<void>((resolve) => setImmediate(resolve));
    return lost;
  };
}
