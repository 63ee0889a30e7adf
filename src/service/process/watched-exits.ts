import type { RunRecord } from '../../model/index.ts';
import { type Exit, exitWithin, processStart } from '../../system/index.ts';

const watched = new Map<string, Promise<Exit>>();

/** Remembers how a process that we started ends; of those that others started nobody can tell. */
export function watchExit({ instance }: RunRecord, exit: Promise<Exit>): void {
  if (instance !== null) watched.set(instance, exit);
}

/** How the first process of this instance has ended; null when it lives or was not seen. */
export async function exitOf({ instance, pid }: RunRecord): Promise<Exit | null> {
  if (instance === null || (pid !== null && processStart(pid) !== null)) return null;
  const exit = watched.get(instance);
  // Bounded, for the timer keeps this program up: the news of the end is on its way.
  const end = exit === undefined ? null : await exitWithin(exit, 1_000);
  return typeof end === 'object' ? end : null;
}

/** Once it was ready its first process may end: it has run itself again under another pid. */
export function forgetExit({ instance }: RunRecord): void {
  if (instance !== null) watched.delete(instance);
}
