import type { Layout } from '../store/index.ts';
import { holdLock } from './hold-lock.ts';
import { recoverOpen } from './recover-open.ts';
import type { Session } from './session.ts';

/** The way into every change: the root exists, the lock is ours, and nothing interrupted is left open. */
export function withLock<T>(session: Session, work: (layout: Layout) => Promise<T>): Promise<T> {
  // Services of other users read below the root, whatever umask the operator has.
  process.umask(0o022);
  return holdLock(session, async (layout) => {
    const { transactions, repointed } = await recoverOpen(layout, session);
    for (const { id, command, did } of transactions) {
      session.tell({ event: 'note', message: `the interrupted transaction ${id} (${command}) was ${did} first` });
    }
    if (repointed !== null) {
      session.tell({ event: 'warning', message: `current was damaged; it points to generation ${repointed} again` });
    }
    return work(layout);
  });
}
