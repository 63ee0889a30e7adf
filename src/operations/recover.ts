import { openRoot } from '../store/index.ts';
import { holdLock } from './hold-lock.ts';
import { type Recovered, recoverOpen } from './recover-open.ts';
import type { Session } from './session.ts';

/** Finishes or undoes what was interrupted, and repairs `current`. Nothing to do is fine, and so is no root at all. */
export async function recover(session: Session): Promise<Recovered> {
  if (openRoot(session.root) === null) return { transactions: [], repointed: null };
  return holdLock(session, (layout) => recoverOpen(layout, session));
}
