import fs from 'node:fs';

/** Comes back after `milliseconds`, or earlier when the file changes or goes, or when `stop` fires. */
export async function restUntilChange(file: string, milliseconds: number, stop: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  const change = watchFile(file, resolve);
  const onStop = () => resolve();
  stop.addEventListener('abort', onStop);
  await promise;
  stop.removeEventListener('abort', onStop);
  clearTimeout(timer);
  change?.close();
}

/** null where the kernel has no watches left: the next slice will tell. */
function watchFile(file: string, onChange: () => void): fs.FSWatcher | null {
  try {
    return fs.watch(file, onChange).on('error', onChange);
  } catch {
    return null;
  }
}
