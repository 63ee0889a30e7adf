import { createRoot, isIdentityLost, layoutOf, openRoot, writeIdentity } from '../../store/index.ts';
import { readTransactions } from '../facts/read-transactions.ts';
import { holdLock } from '../hold-lock.ts';
import type { Session } from '../session.ts';
import { type Recovered, recoverOpen } from './recover-open.ts';

/** Finishes or undoes what was interrupted, and repairs `current`. Nothing to do is fine, and so is no root at all. */
export async function recover(session: Session, givenUp: readonly string[] = []): Promise<Recovered> {
  if (isIdentityLost(layoutOf(session.root)) !== false) return holdLock(session, () => recoverLost(session), layoutOf);
  if (openRoot(session.root) === null) return { transactions: [], trial: null, repointed: null, restored: null };
  return holdLock(session, (layout) => recoverOpen(layout, session, givenUp));
}

async function recoverLost(session: Session): Promise<Recovered> {
  const lost = layoutOf(session.root);
  const how = isIdentityLost(lost);
  // Whoever held the lock before us may have been here already.
  if (how !== false) {
    // Units carry the id in their names. A journal of a newer format is refused here, with nothing written.
    const id = readTransactions(lost).findLast(({ journal }) => journal.begin?.rootId !== undefined)?.journal.begin
      ?.rootId;
    writeIdentity(lost, id);
    const what = id === undefined ? 'a new one was written' : 'it was written again, with the id from the journal';
    session.tell({ event: 'warning', message: `${lost.identity} was ${how}; ${what}` });
  }
  return recoverOpen(createRoot(session.root), session);
}
