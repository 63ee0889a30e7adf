import { PkgError } from '../../error.ts';
import type { Result } from '../../model/index.ts';
import { type Layout, openRoot, readPointer } from '../../store/index.ts';
import { commitTrial } from '../../transaction/index.ts';
import { conclude } from '../change/conclude.ts';
import { readTransactions } from '../facts/read-transactions.ts';
import { holdLock } from '../hold-lock.ts';
import { recoverOpen } from '../mend/recover-open.ts';
import { announceEnd } from '../notify/announce-end.ts';
import type { Session } from '../session.ts';
import { type Ended, pointedNumber, settled } from '../settled.ts';
import { type OpenTrial, openTrial } from './open-trial.ts';
import { openOrder, planOf } from './trial-order.ts';

/** Keeps what is on trial: from here on only a rollback goes back. */
export function commit(session: Session): Promise<Ended> {
  return settled(session, async (noting) => {
    // Looked for first, as holding the lock would make a root where there is none.
    const seen = trialIn(noting.root);
    if (seen === null) throw new PkgError('no-trial', `nothing is on trial in ${noting.root}`, { hint: 'pkg status' });
    if (noting.dryRun) return preview(seen, noting);
    return holdLock(noting, (layout) => commitUnderLock(seen, layout, noting));
  });
}

function trialIn(root: string): OpenTrial | null {
  const layout = openRoot(root);
  return layout === null ? null : openTrial(readTransactions(layout));
}

function preview(trial: OpenTrial, { root, tell }: Session): Result {
  tell({ event: 'note', message: `transaction ${trial.id} (${trial.command}) would be committed` });
  const { changes } = planOf(trial);
  return { event: 'result', outcome: 'nothing-to-do', generation: pointedNumber(root), changes };
}

async function commitUnderLock(seen: OpenTrial, layout: Layout, session: Session): Promise<Result> {
  const { trial } = await recoverOpen(layout, session);
  if (trial === null) throw tooLate(seen);
  refuseDisplaced(trial, layout);
  const outcome = await commitTrial(openOrder(trial.id, layout, session));
  const result = await conclude(outcome, { id: trial.id, plan: planOf(trial) }, layout, session);
  if (result.outcome === 'committed') await announceEnd('finished', trial, layout, session);
  return result;
}

function tooLate({ id, command, trial }: OpenTrial): PkgError {
  return new PkgError(
    'no-trial',
    `transaction ${id} (${command}) is no longer on trial; its time was ${trial.wallUntil}`,
    {
      hint: `how it ended: pkg history ${id}`,
    },
  );
}

/** Somebody pointed `current` elsewhere: to commit would make final what is not live. */
function refuseDisplaced({ id, plan }: OpenTrial, layout: Layout): void {
  const pointer = readPointer(layout);
  if (plan === null || (pointer.kind === 'generation' && pointer.number === plan.to)) return;
  throw new PkgError(
    'root-damaged',
    `${layout.current} does not name generation ${plan.to}, which transaction ${id} tries`,
    {
      hint: 'pkg rollback',
    },
  );
}
