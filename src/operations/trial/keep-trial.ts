import { PkgError } from '../../error.ts';
import type { Result, Step } from '../../model/index.ts';
import type { World } from '../../steps/index.ts';
import { type Layout, openRoot, readPointer } from '../../store/index.ts';
import type { OpenOrder, Outcome } from '../../transaction/index.ts';
import { conclude } from '../change/conclude.ts';
import { readTransactions } from '../facts/read-transactions.ts';
import { holdLock } from '../hold-lock.ts';
import { recoverOpen } from '../mend/recover-open.ts';
import { announceEnd } from '../notify/announce-end.ts';
import type { Session } from '../session.ts';
import { type Ended, pointedNumber, settled } from '../settled.ts';
import { isPreview, type OpenTrial, openTrial } from './open-trial.ts';
import { openOrder, planOf } from './trial-order.ts';

/** What makes an open change final, and which kind of it is meant. */
export type Keeping = {
  readonly kind: 'trial' | 'preview';
  finish(order: OpenOrder<Step, World>, session: Session): Promise<Outcome>;
};

/** The common path of `pkg commit` and `pkg publish`. */
export function keepTrial(keeping: Keeping, session: Session): Promise<Ended> {
  return settled(session, async (noting) => {
    // Looked for first, because taking the lock would make a root.
    const seen = trialIn(noting.root);
    if (seen === null) throw nothingOpen(keeping, noting);
    refuseOther(seen, keeping);
    if (noting.dryRun) return lookAhead(seen, keeping, noting);
    return holdLock(noting, (layout) => keepUnderLock(seen, keeping, layout, noting));
  });
}

function trialIn(root: string): OpenTrial | null {
  const layout = openRoot(root);
  return layout === null ? null : openTrial(readTransactions(layout));
}

function nothingOpen({ kind }: Keeping, { root }: Session): PkgError {
  return new PkgError('no-trial', `nothing is ${kind === 'trial' ? 'on trial' : 'in preview'} in ${root}`, {
    hint: 'pkg status',
  });
}

/** Each has its own command: one makes final what everybody sees, the other shows it to everybody first. */
function refuseOther(open: OpenTrial, { kind }: Keeping): void {
  if (isPreview(open) === (kind === 'preview')) return;
  const what = `transaction ${open.id} (${open.command}) is`;
  if (kind === 'preview') throw new PkgError('no-trial', `${what} on trial, not in preview`, { hint: 'pkg commit' });
  throw new PkgError('no-trial', `${what} in preview, not on trial`, { hint: 'pkg publish' });
}

function lookAhead(trial: OpenTrial, { kind }: Keeping, { root, tell }: Session): Result {
  const would = kind === 'trial' ? 'committed' : 'published';
  tell({ event: 'note', message: `transaction ${trial.id} (${trial.command}) would be ${would}` });
  const { changes } = planOf(trial);
  return { event: 'result', outcome: 'nothing-to-do', generation: pointedNumber(root), changes };
}

async function keepUnderLock(seen: OpenTrial, keeping: Keeping, layout: Layout, session: Session): Promise<Result> {
  const { trial } = await recoverOpen(layout, session);
  if (trial === null) throw tooLate(seen);
  refuseDisplaced(trial, layout);
  const outcome = await keeping.finish(openOrder(trial.id, layout, session), session);
  const result = await conclude(outcome, { id: trial.id, plan: planOf(trial) }, layout, session);
  if (result.outcome === 'committed') await announceEnd('finished', trial, layout, session);
  if (result.outcome === 'undone') await announceEnd('undone', trial, layout, session);
  return result;
}

function tooLate({ id, command, trial }: OpenTrial): PkgError {
  const time = trial.wallUntil === null ? '' : `; its time was ${trial.wallUntil}`;
  return new PkgError('no-trial', `transaction ${id} (${command}) is no longer open${time}`, {
    hint: `how it ended: pkg history ${id}`,
  });
}

/** If `current` was pointed elsewhere, going on would make final what is not live, or switch from something else. */
function refuseDisplaced(open: OpenTrial, layout: Layout): void {
  const { id, plan } = open;
  const pointer = readPointer(layout);
  const meant = isPreview(open) ? plan?.from : plan?.to;
  if (plan === null || (pointer.kind === 'generation' && pointer.number === meant)) return;
  const why = isPreview(open) ? 'from which transaction' : 'which transaction';
  const does = isPreview(open) ? 'would switch' : 'tries';
  throw new PkgError('root-damaged', `${layout.current} does not name generation ${meant}, ${why} ${id} ${does}`, {
    hint: 'pkg rollback',
  });
}
