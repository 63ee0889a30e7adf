import { type Layout, layoutOf, openRoot, type Policy, readPolicy, writePolicy } from '../../store/index.ts';
import type { Session } from '../session.ts';
import { withLock } from '../with-lock.ts';

/** The new policy of a root, and the answer of the command. */
export type Changed<T> = { readonly policy: Policy; readonly answer: T };

/**
 * Changes the policy under the lock; a dry run takes no lock, makes no root and writes nothing. What would change nothing
 * makes no root either.
 */
export async function changePolicy<T>(
  session: Session,
  decide: (policy: Policy, layout: Layout) => Changed<T>,
): Promise<T> {
  if (session.dryRun) {
    const layout = openRoot(session.root) ?? layoutOf(session.root);
    return decide(readPolicy(layout), layout).answer;
  }
  if (openRoot(session.root) === null) {
    const layout = layoutOf(session.root);
    const before = readPolicy(layout);
    const { policy, answer } = decide(before, layout);
    if (policy === before) return answer;
  }
  return withLock(session, async (layout) => {
    const before = readPolicy(layout);
    const { policy, answer } = decide(before, layout);
    if (policy !== before) writePolicy(layout, policy);
    return answer;
  });
}
