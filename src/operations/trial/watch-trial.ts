import { PkgError } from '../../error.ts';
import { type Layout, layoutOf } from '../../store/index.ts';
import { journalFile, readJournal, trialLeft } from '../../transaction/index.ts';
import { recover } from '../mend/recover.ts';
import type { Recovered } from '../mend/recover-open.ts';
import { restUntilChange } from '../rest-until-change.ts';
import type { Session } from '../session.ts';

/**
 * Waits until trial `id` is committed or given up, and answers null; or until its time is over, and goes back.
 * Not under the lock, which is needed to end the trial earlier.
 */
export async function watchTrial(id: number, session: Session): Promise<Recovered | null> {
  const layout = layoutOf(session.root);
  for (;;) {
    const left = leftOf(id, layout);
    if (left === null) return null;
    if (session.interrupt.requested !== null) throw interrupted(id, session.interrupt.requested);
    if (left === 0) {
      const recovered = await recoverUnlessLocked(session);
      if (recovered !== null) return recovered;
    } else await restUntilChange(journalFile(layout.transaction(id)), Math.min(left, SLICE), session.stopWaiting);
  }
}

/** Timers stop while the machine sleeps; the boot clock does not, so it is read again and again. */
const SLICE = 10_000;

/** Milliseconds that are left; null if it is no longer on trial. */
function leftOf(id: number, layout: Layout): number | null {
  const { state } = readJournal(layout.transaction(id));
  return state.kind === 'trial' ? trialLeft(state.trial) : null;
}

/** Whoever has the lock may be committing: the journal will tell. */
async function recoverUnlessLocked(session: Session): Promise<Recovered | null> {
  try {
    return await recover(session);
  } catch (error) {
    if (error instanceof PkgError && error.code === 'locked') return null;
    throw error;
  }
}

function interrupted(id: number, signal: 'SIGINT' | 'SIGTERM'): PkgError {
  return new PkgError('interrupted', `interrupted while watching the trial of transaction ${id}`, {
    exit: signal === 'SIGINT' ? 130 : 143,
  });
}
