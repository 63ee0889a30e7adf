import { createRoot, isIdentityLost, layoutOf, openRoot, writeIdentity } from '../../store/index.ts';
import { holdLock } from '../hold-lock.ts';
import type { Session } from '../session.ts';
import { type Recovered, recoverOpen } from './recover-open.ts';

/** Finishes or undoes what was interrupted, and repairs `current`. Nothing to do is fine, and so is no root at all. */
export async function recover(session: Session, givenUp: readonly string[] = []): Promise<Recovered> {
  if (isIdentityLost(layoutOf(session.root))) return holdLock(session, () => recoverLost(session), layoutOf);
  if (openRoot(session.root) === null) return { transactions: [], trial: null, repointed: null, restored: null };
  return holdLock(session, (layout) => recoverOpen(layout, session, givenUp));
}

async function recoverLost(session: Session): Promise<Recovered> {
  const lost = layoutOf(session.root);
  // Whoever held the lock before us may have been here already.
  if (isIdentityLost(lost)) {
    writeIdentity(lost);
    session.tell({ event: 'warning', message: `${lost.identity} was missing; a new one was written` });
  }
  return recoverOpen(createRoot(session.root), session);
}
