import type { Layout } from '../store/index.ts';
import { holdLock } from './hold-lock.ts';
import { recoverOpen } from './mend/recover-open.ts';
import type { Session } from './session.ts';
import { trialStandsInTheWay } from './trial/open-trial.ts';

/** The way into every change: the root exists, we have the lock, nothing is left interrupted, nothing is on trial. */
export function withLock<T>(session: Session, work: (layout: Layout) => Promise<T>): Promise<T> {
  // Services of other users read below the root, whatever umask the operator has.
  process.umask(0o022);
  return holdLock(session, async (layout) => {
    const { transactions, repointed, trial } = await recoverOpen(layout, session);
    const left = trial === null ? 'but still not cleaned up: pkg recover' : 'and what is left to clean up waits';
    for (const { id, command, did, wasTrial } of transactions) {
      const what = wasTrial ? `the trial of transaction ${id}` : `the interrupted transaction ${id}`;
      const over = wasTrial ? 'was over; it ' : '';
      const end = did === 'uncleaned' ? `is final, ${left}` : `${over}was ${did} first`;
      session.tell({ event: 'note', message: `${what} (${command}) ${end}` });
    }
    if (repointed !== null) {
      session.tell({ event: 'warning', message: `current was damaged; it points to generation ${repointed} again` });
    }
    if (trial !== null) throw trialStandsInTheWay(trial);
    return work(layout);
  });
}
