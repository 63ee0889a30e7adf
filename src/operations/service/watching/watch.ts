import { setTimeout as pause } from 'node:timers/promises';
import { PkgError } from '../../../error.ts';
import { serviceTitle } from '../../../model/index.ts';
import { type Layout, openRoot, transactionIds } from '../../../store/index.ts';
import { readJournal } from '../../../transaction/index.ts';
import { readCurrent } from '../../facts/read-current.ts';
import { runningChange } from '../../facts/running-change.ts';
import type { Session } from '../../session.ts';
import { liveServices } from '../live.ts';
import { diagnose, FRESH, type Health, startedAgain } from './health.ts';
import { startAgain } from './start-again.ts';
import { beginWatching } from './watcher.ts';

export type WatchOrder = {
  readonly intervalMs: number;
  /** After this many looks in a row without an answer, a service is restarted. */
  readonly failures: number;
};

/** Watches the services that nobody else supervises, until the first signal. Only a start takes the lock. */
export async function watchServices(order: WatchOrder, session: Session): Promise<void> {
  const layout = openRoot(session.root);
  if (layout === null) {
    throw new PkgError('not-installed', `nothing is installed in ${session.root}, so there is nothing to watch`);
  }
  // Services may run as other users, who must be able to read what the operator's umask would hide.
  process.umask(0o022);
  const endWatching = beginWatching(layout);
  const look = looking(layout, order, session);
  try {
    session.tell({ event: 'note', message: `watching the services of ${layout.root}` });
    while (!session.stopWaiting.aborted) {
      await look();
      await pause(order.intervalMs, undefined, { signal: session.stopWaiting }).catch(() => undefined);
    }
  } finally {
    endWatching();
  }
}

/** One look at every service; what earlier looks have found is kept. */
function looking(layout: Layout, order: WatchOrder, session: Session): () => Promise<void> {
  const known = new Map<string, Health>();
  let lastTrouble = '';
  const tellNew = (message: string): void => {
    if (message !== lastTrouble) session.tell({ event: 'warning', message });
    lastTrouble = message;
  };
  return async () => {
    try {
      if (standsStill(layout)) return known.clear();
      for (const service of await liveServices(layout, readCurrent(layout))) {
        const title = serviceTitle(service.name);
        const health = known.get(title) ?? FRESH;
        const found = await diagnose(service, health, order.failures);
        known.set(title, found.health);
        if (found.trouble === null || session.stopWaiting.aborted) continue;
        const hasTried = await startAgain(service, found.trouble, layout, session);
        if (hasTried) known.set(title, startedAgain(found.health, service));
      }
      lastTrouble = '';
    } catch (error) {
      // A watcher must not end at the first error.
      tellNew((error as Error).message);
    }
  };
}

/** While somebody changes the root, or an interrupted change waits for recovery, services are left to them. */
function standsStill(layout: Layout): boolean {
  if (runningChange(layout) !== null) return true;
  const newest = transactionIds(layout).at(-1);
  if (newest === undefined) return false;
  const { kind } = readJournal(layout.transaction(newest)).state;
  return kind === 'open' || kind === 'committed';
}
