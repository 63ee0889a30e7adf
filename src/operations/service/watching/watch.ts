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
  /** Looks in a row without an answer after which a service is started again. */
  readonly failures: number;
};

/** Looks after the services that nobody else supervises, until the first signal. Only a start takes the lock. */
export async function watchServices(order: WatchOrder, session: Session): Promise<void> {
  const layout = openRoot(session.root);
  if (layout === null) {
    throw new PkgError('not-installed', `nothing is installed in ${session.root}, so there is nothing to watch`);
  }
  // Whoever is started belongs to other users sometimes, whatever umask the operator has.
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

/** One look at every service; what the looks before have seen is kept between them. */
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
      // A watcher that ends at the first difficulty is none.
      tellNew((error as Error).message);
    }
  };
}

/** Somebody changes the root, or a change was cut short: what runs is theirs to settle. */
function standsStill(layout: Layout): boolean {
  if (runningChange(layout) !== null) return true;
  const newest = transactionIds(layout).at(-1);
  if (newest === undefined) return false;
  const { kind } = readJournal(layout.transaction(newest)).state;
  return kind === 'open' || kind === 'committed';
}
