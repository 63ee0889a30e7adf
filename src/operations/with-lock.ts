import { PkgError } from '../error.ts';
import { createRoot, type Layout } from '../store/index.ts';
import { type Lock, takeLock } from '../system/index.ts';
import { recoverOpen } from './recover-open.ts';
import type { Session } from './session.ts';

/** The way into every change: the root exists, the lock is ours, and nothing interrupted is left open. */
export async function withLock<T>(session: Session, work: (layout: Layout) => Promise<T>): Promise<T> {
  refuseNested(session);
  // Services of other users read below the root, whatever umask the operator has.
  process.umask(0o022);
  const layout = createRoot(session.root);
  const lock = await lockRoot(layout, session);
  try {
    const { transactions, repointed } = await recoverOpen(layout, session);
    for (const { id, command, did } of transactions) {
      session.tell({ event: 'note', message: `the interrupted transaction ${id} (${command}) was ${did} first` });
    }
    if (repointed !== null) {
      session.tell({ event: 'warning', message: `current was damaged; it points to generation ${repointed} again` });
    }
    return await work(layout);
  } finally {
    lock.release();
  }
}

/** Takes the lock of the root, or says who holds it. */
export function lockRoot(layout: Layout, session: Session): Promise<Lock> {
  return takeLock(layout.lock, {
    wait: session.lockWait,
    holder: { pid: process.pid, command: session.command, since: new Date().toISOString() },
    abort: session.stopWaiting,
  });
}

function refuseNested({ insideTransaction, root }: Session): void {
  if (insideTransaction === null) return;
  throw new PkgError('nested', `a hook of transaction ${insideTransaction} cannot change ${root} itself`, {
    hint: 'let the bundle depend on what it needs, so that both are one transaction',
  });
}
