import { EXIT, PkgError } from '../../error.ts';
import type { Result } from '../../model/index.ts';
import { type Layout, openRoot } from '../../store/index.ts';
import { giveUpTrial as takeBack } from '../../transaction/index.ts';
import { conclude } from '../change/conclude.ts';
import { isCommitted, readTransactions } from '../facts/read-transactions.ts';
import { holdLock } from '../hold-lock.ts';
import { recoverOpen } from '../mend/recover-open.ts';
import { announceEnd } from '../notify/announce-end.ts';
import type { Session } from '../session.ts';
import { type Ended, pointedNumber, settled } from '../settled.ts';
import { type OpenTrial, openTrial } from './open-trial.ts';
import { openOrder, planOf } from './trial-order.ts';

/** Undoes what is on trial, without waiting for its time to be over; null when nothing is on trial. */
export async function giveUpTrial(session: Session): Promise<Ended | null> {
  const layout = openRoot(session.root);
  const seen = layout === null ? null : openTrial(readTransactions(layout));
  if (seen === null) return null;
  const ended = await settled(session, async (noting) => {
    if (noting.dryRun) return preview(seen, noting);
    return holdLock(noting, (held) => goBack(seen, held, noting));
  });
  // It was asked for, so going back is a success.
  return ended.result.outcome === 'undone' ? { ...ended, exit: EXIT.done } : ended;
}

function preview(trial: OpenTrial, { root, tell }: Session): Result {
  tell({ event: 'note', message: `transaction ${trial.id} (${trial.command}) would be undone` });
  const { changes } = planOf(trial);
  return { event: 'result', outcome: 'nothing-to-do', generation: pointedNumber(root), changes };
}

async function goBack(seen: OpenTrial, layout: Layout, session: Session): Promise<Result> {
  const trial = openTrial(readTransactions(layout));
  if (trial?.id !== seen.id) refuseCommitted(seen, layout);
  else {
    const outcome = await takeBack(openOrder(trial.id, layout, session), `given up by ${session.command}`);
    if (outcome.kind !== 'undone') return conclude(outcome, { id: trial.id, plan: planOf(trial) }, layout, session);
    await announceEnd('undone', trial, layout, session);
  }
  // Also if the time ran out while we waited for the lock, and somebody else has begun to go back.
  await recoverOpen(layout, session);
  const { changes } = planOf(seen);
  return { event: 'result', outcome: 'undone', generation: pointedNumber(session.root), changes };
}

/** A trial that was committed while we waited for the lock is not given up, nor is anything older gone back to. */
function refuseCommitted({ id }: OpenTrial, layout: Layout): void {
  const record = readTransactions(layout).find((one) => one.id === id);
  if (record === undefined || !isCommitted(record)) return;
  throw new PkgError('no-trial', `transaction ${id} was committed meanwhile`, {
    hint: 'to go back all the same: pkg rollback',
  });
}
