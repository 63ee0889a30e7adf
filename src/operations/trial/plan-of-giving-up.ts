import type { Change, Plan, Step } from '../../model/index.ts';
import { openRoot } from '../../store/index.ts';
import { readTransactions } from '../facts/read-transactions.ts';
import { type OpenTrial, openTrial } from './open-trial.ts';

/** What `pkg rollback` does during a trial: no change of its own, but the undo of the trial. */
export type GivingUp = {
  readonly transaction: number;
  readonly command: string;
  /** ISO time at which it would happen by itself; null for one that waits. */
  readonly until: string | null;
  /** The numbers that `current` names before and after; null = none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly changes: readonly Change[];
  /** The steps that will be undone, in that order, each with its number in the plan of the trial. */
  readonly steps: readonly { readonly n: number; readonly step: Step }[];
};

/** Reads without the lock; null if nothing is on trial. */
export function planOfGivingUp(root: string): GivingUp | null {
  const layout = openRoot(root);
  const trial = layout === null ? null : openTrial(readTransactions(layout));
  return trial === null ? null : { ...named(trial), ...backwards(trial) };
}

function named({ id, command, trial }: OpenTrial): Pick<GivingUp, 'transaction' | 'command' | 'until'> {
  return { transaction: id, command, until: trial.wallUntil ?? null };
}

/** If the plan is damaged, all that is known is that it will be undone. */
function backwards({ plan, trial }: OpenTrial): Pick<GivingUp, 'from' | 'to' | 'changes' | 'steps'> {
  if (plan === null) return { from: null, to: null, changes: [], steps: [] };
  const done = plan.steps.slice(0, trial.waitsFrom ?? plan.steps.length);
  return {
    from: plan.to,
    to: plan.from,
    changes: plan.changes.map(back),
    steps: done
      .map((step, index) => ({ n: index + 1, step }))
      .filter(({ step }) => step.phase !== 'clean')
      .toReversed(),
  };
}

const OPPOSITE = { add: 'remove', remove: 'add', up: 'down', down: 'up', rebuild: 'rebuild' } as const;

function back({ from, to, direction, ...change }: Plan['changes'][number]): Change {
  return { ...change, from: to, to: from, direction: OPPOSITE[direction] };
}
