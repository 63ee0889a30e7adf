import fs from 'node:fs';

/** Resolves after `milliseconds`, or earlier if the file changes or is removed, or `stop` fires. */
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

/** null if the kernel has no watches left; then the time alone counts. */
function watchFile(file: string, onChange: () => void): fs.FSWatcher | null {
  try {
    return fs.watch(file, onChange).on('error', onChange);
  } catch {
    return null;
  }
}
