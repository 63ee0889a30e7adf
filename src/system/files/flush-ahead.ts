import { syncFileSystem } from './sync-file-system.ts';

/** Sends what was written to the disk while more is being written, so that the flush at the end finds little left to do. */
export type FlushAhead = AsyncDisposable & {
  /** Hears that so many bytes more were written. */
  wrote(bytes: number): void;
  /** Waits for a flush on its way; throws what the first of them failed with, for the kernel tells of lost pages only once. */
  done(): Promise<void>;
};

// Each flush also waits for what other programs wrote to that file system: few flushes, and none for a small bundle.
const STRIDE = 96 * 1024 * 1024;

/** Flushes the file system of `folder` behind every 96 MiB, one flush at a time. */
export function flushAhead(folder: string, searchPath?: string): FlushAhead {
  let bytes = 0;
  let running: Promise<unknown> | null = null;
  let failure: { readonly error: unknown } | null = null;

  const flush = async (): Promise<void> => {
    try {
      await syncFileSystem(folder, searchPath);
    } catch (error) {
      failure ??= { error };
    }
    running = null;
  };
  return {
    wrote: (more) => {
      bytes += more;
      if (bytes < STRIDE || running !== null) return;
      bytes = 0;
      running = flush();
    },
    done: async () => {
      await running;
      if (failure !== null) throw failure.error;
    },
    [Symbol.asyncDispose]: async () => {
      await running;
    },
  };
}
