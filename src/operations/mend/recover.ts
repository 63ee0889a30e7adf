import { PkgError } from '../../error.ts';
import { createRoot, isIdentityLost, type Layout, layoutOf, openRoot, writeIdentity } from '../../store/index.ts';
import { giveUpTrial } from '../../transaction/index.ts';
import { readTransactions } from '../facts/read-transactions.ts';
import { holdLock } from '../hold-lock.ts';
import { announceEnd } from '../notify/announce-end.ts';
import type { Session } from '../session.ts';
import { tellError } from '../tell-error.ts';
import { hintToEnd, isPreview, ongoingTrial } from '../trial/open-trial.ts';
import { openOrder } from '../trial/trial-order.ts';
import { type Recovered, recoverOpen } from './recover-open.ts';
import { hintToSkip, skippable } from './skippable.ts';

/**
 * Finishes or undoes what was interrupted, and repairs `current`. Nothing to do is fine, and so is no root at all. What
 * still cannot be cleaned up is told as an error.
 */
export async function recover(session: Session, givenUp: readonly string[] = []): Promise<Recovered> {
  if (isIdentityLost(layoutOf(session.root)) !== false) return holdLock(session, () => recoverLost(session), layoutOf);
  if (openRoot(session.root) === null) return { transactions: [], trial: null, repointed: null, restored: null };
  return holdLock(session, async (layout) => {
    const ended = await endPreview(layout, session);
    const recovered = await recoverOpen(layout, session, givenUp);
    tellOfUncleaned(recovered, layout, session);
    return { ...recovered, transactions: [...ended, ...recovered.transactions] };
  });
}

/** Recovery restores what everybody sees, so an unpublished preview is given up. */
async function endPreview(layout: Layout, session: Session): Promise<Recovered['transactions']> {
  const open = ongoingTrial(readTransactions(layout));
  if (open === null || !isPreview(open)) return [];
  const { id, command } = open;
  const outcome = await giveUpTrial(openOrder(id, layout, session), `given up by ${session.command}`);
  if (outcome.kind !== 'undone') return [];
  await announceEnd('undone', open, layout, session);
  return [{ id, command, did: 'undone', wasTrial: false, left: [] }];
}

async function recoverLost(session: Session): Promise<Recovered> {
  const lost = layoutOf(session.root);
  const how = isIdentityLost(lost);
  // Whoever held the lock before us may already have done this.
  if (how !== false) {
    // Units carry the id in their names. A journal of a newer format is refused here, with nothing written.
    const id = readTransactions(lost).findLast(({ journal }) => journal.begin?.rootId !== undefined)?.journal.begin
      ?.rootId;
    writeIdentity(lost, id);
    const what = id === undefined ? 'a new one was written' : 'it was written again, with the id from the journal';
    session.tell({ event: 'warning', message: `${lost.identity} was ${how}; ${what}` });
  }
  const layout = createRoot(session.root);
  const recovered = await recoverOpen(layout, session);
  tellOfUncleaned(recovered, layout, session);
  return recovered;
}

/** Everything else is done by then, but the root must not be called whole. */
function tellOfUncleaned({ transactions, trial }: Recovered, layout: Layout, session: Session): void {
  const ids = transactions.flatMap(({ id, did }) => (did === 'uncleaned' ? [id] : []));
  if (ids.length === 0) return;
  const names = readTransactions(layout).flatMap((record) => (ids.includes(record.id) ? skippable(record) : []));
  const message = `final, but not cleaned up: transaction ${ids.join(', ')}`;
  const hint = trial === null ? hintToSkip([...new Set(names)]) : hintToEnd(trial);
  tellError(new PkgError('open-transaction', message, { hint }), session);
}
