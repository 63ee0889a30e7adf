import type { RunRecord } from '../model/index.ts';
import type { Exit } from '../system/index.ts';

const watched = new Map<string, Exit | null>();

/** Remembers how a process that we started ends; of those that others started nobody can tell. */
export function watchExit({ instance }: RunRecord, exit: Promise<Exit>): void {
  if (instance === null) return;
  watched.set(instance, null);
  void exit.then((end) => {
    if (watched.has(instance)) watched.set(instance, end);
  });
}

/** How the process of this instance has ended, if it was seen. */
export function exitOf({ instance }: RunRecord): Exit | null {
  return instance === null ? null : (watched.get(instance) ?? null);
}

/** Once it was ready its first process may end: it has run itself again under another pid. */
export function forgetExit({ instance }: RunRecord): void {
  if (instance !== null) watched.delete(instance);
}
