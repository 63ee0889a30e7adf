import { createRoot, openRoot } from '../store/index.ts';
import { type Recovered, recoverOpen } from './recover-open.ts';
import type { Session } from './session.ts';
import { lockRoot } from './with-lock.ts';

/** Finishes or undoes what was interrupted, and repairs `current`. Nothing to do is fine, and so is no root at all. */
export async function recover(session: Session): Promise<Recovered> {
  if (openRoot(session.root) === null) return { transactions: [], repointed: null };
  const layout = createRoot(session.root);
  const lock = await lockRoot(layout, session);
  try {
    return await recoverOpen(layout, session);
  } finally {
    lock.release();
  }
}
