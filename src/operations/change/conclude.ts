import { type Plan, previewedBy, type Result } from '../../model/index.ts';
import { generationNumbers, type Layout, readPointer } from '../../store/index.ts';
import { removeTree } from '../../system/index.ts';
import type { Outcome } from '../../transaction/index.ts';
import { collectGarbage } from '../keep/collect-garbage.ts';
import { forgetOlderFailures } from '../keep/forget-older-failures.ts';
import { renewPlanned } from '../maintenance/renew-planned.ts';
import { tellUncleaned } from '../mend/tell-uncleaned.ts';
import type { Session } from '../session.ts';
import { tellError } from '../tell-error.ts';
import { startWatcher } from '../trial/start-watcher.ts';

/** The transaction that ended, with the parts of its plan that the result needs. */
export type Concluded = {
  readonly id: number;
  readonly plan: Pick<Plan, 'changes' | 'steps'> & Partial<Pick<Plan, 'from' | 'wayBack'>>;
};

/** What remains when the engine has ended: cleaning after COMMIT, the watcher of a trial, and the result. */
export async function conclude(
  outcome: Outcome,
  { id, plan }: Concluded,
  layout: Layout,
  session: Session,
): Promise<Result> {
  if (outcome.kind === 'trial' && outcome.trial.until !== null) await startWatcher(id, layout, session);
  // What hooks noted for their undo is of no use once there is nothing left to undo.
  if (outcome.kind === 'committed' || outcome.kind === 'undone')
    await tidy(session, () => removeTree(layout.scratches(id)));
  if (outcome.kind === 'undone') await tidy(session, () => forgetOlderFailures(layout));
  if (outcome.kind === 'committed') {
    tellUncleaned(outcome.uncleaned, session);
    await tidy(session, () => collectGarbage(layout, session));
    await tidy(session, () => renewPlanned(layout));
  }
  return { ...resultOf(outcome, plan, layout, session), transaction: id };
}

/** A failure to clean up must not hide how the change ended: it is a warning, and the next run tries again. */
export async function tidy(session: Session, remove: () => unknown): Promise<void> {
  try {
    await remove();
  } catch (error) {
    session.tell({ event: 'warning', message: `cleaning is left to the next run: ${(error as Error).message}` });
  }
}

function resultOf(outcome: Outcome, plan: Concluded['plan'], layout: Layout, session: Session): Result {
  const pointer = readPointer(layout);
  const generation = pointer.kind === 'generation' ? pointer.number : null;
  const common = { event: 'result', generation, changes: plan.changes } as const;
  if (outcome.kind === 'committed') return { ...common, outcome: 'committed', ...commandBack(plan, layout) };
  if (outcome.kind === 'trial') {
    const preview = outcome.trial.waitsFrom === undefined ? {} : { preview: previewedBy(plan) };
    return { ...common, outcome: 'trial', trialUntil: outcome.trial.wallUntil, ...preview };
  }
  const { failed } = outcome;
  tellError(failed.error, session);
  const step = failed.n === null ? undefined : plan.steps[failed.n];
  const failedStep =
    step && failed.n !== null ? { failedStep: { n: failed.n + 1, kind: step.kind, summary: step.summary } } : {};
  if (outcome.kind === 'undone') return { ...common, ...failedStep, outcome: 'undone' };
  for (const { error } of outcome.undoErrors) tellError(error, session);
  return { ...common, ...failedStep, outcome: 'needs-recovery' };
}

/**
 * Before the first change there was nothing to go back to; a plain rollback after a rollback would go further back; and
 * nothing brings back what was only purged.
 */
function commandBack(plan: Concluded['plan'], layout: Layout): Pick<Result, 'wayBack'> {
  const { from, changes, steps, wayBack } = plan;
  if (from === null) return { wayBack: 'pkg remove --all' };
  if (changes.length === 0 && steps.some(({ kind }) => kind === 'purge')) return {};
  // With `"keep": 1` it was collected just now.
  if (from !== undefined && !isThere(from, layout)) return {};
  const isRollback = steps.some((step) => step.kind === 'write-generation' && step.restores !== undefined);
  const losses = (wayBack?.accept ?? []).map((name) => `--accept-data-loss ${name}`);
  return { wayBack: ['pkg rollback', ...(isRollback && from !== undefined ? [from] : []), ...losses].join(' ') };
}

/** A disk that cannot be read any more must not hide that the change is final. */
function isThere(number: number, layout: Layout): boolean {
  try {
    return generationNumbers(layout).includes(number);
  } catch {
    return false;
  }
}
