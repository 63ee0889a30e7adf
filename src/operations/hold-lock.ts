import { PkgError } from '../error.ts';
import { createRoot, type Layout } from '../store/index.ts';
import { takeLock } from '../system/index.ts';
import { refuseOtherOwner } from './refuse-other-owner.ts';
import type { Session } from './session.ts';

/** Runs `work` under the lock; the root is made if there is none, unless `open` does less. */
export async function holdLock<T>(
  session: Session,
  work: (layout: Layout) => Promise<T>,
  open: (root: string) => Layout = createRoot,
): Promise<T> {
  refuseNested(session);
  refuseOtherOwner(session);
  const layout = open(session.root);
  const lock = await takeLock(layout.lock, {
    wait: session.lockWait,
    holder: { pid: process.pid, command: session.command, since: new Date().toISOString() },
    abort: session.stopWaiting,
  }).catch((error: unknown) => {
    throw withSignal(error, session);
  });
  try {
    return await work(layout);
  } finally {
    lock.release();
  }
}

function refuseNested({ insideTransaction, root }: Session): void {
  if (insideTransaction === null) return;
  throw new PkgError('nested', `a hook of transaction ${insideTransaction} cannot change ${root} itself`, {
    hint: 'let the bundle depend on what it needs, so that both are one transaction',
  });
}

/** The lock only knows that waiting was aborted; the signal decides the exit number. */
function withSignal(error: unknown, { interrupt }: Session): unknown {
  const isSignal = error instanceof PkgError && error.code === 'interrupted' && interrupt.requested !== null;
  if (!isSignal) return error;
  return new PkgError('interrupted', error.message, { exit: interrupt.requested === 'SIGTERM' ? 143 : 130 });
}
