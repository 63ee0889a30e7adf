import type { Plan, Request, Step } from '../../model/index.ts';
import { weigh } from '../paths/class.ts';
import { refuseOne } from '../target.ts';

/** Refuses a plan that disturbs more than was allowed, or that has no way back without anybody having accepted that. */
export function checkLimits(plan: Plan, { limits, overrides }: Request): ReturnType<typeof refuseOne> | null {
  const { maxClass, maxInterruption } = limits;
  if (maxClass !== null && weigh(plan.class) > weigh(maxClass)) {
    return refuseOne(
      'limit-exceeded',
      `the change needs ${plan.class}, but at most ${maxClass} is allowed`,
      'pkg plan … --why shows every way that was looked at',
    );
  }
  if (maxInterruption !== null && plan.interruption > maxInterruption) {
    return refuseOne(
      'limit-exceeded',
      `a service would be away for about ${plan.interruption} ms, but at most ${maxInterruption} ms are allowed`,
      'pkg plan … --why shows every way that was looked at',
    );
  }
  const point = plan.pointOfNoReturn === null ? undefined : plan.steps[plan.pointOfNoReturn - 1];
  if (point === undefined || overrides.oneWay || hasBackup(plan, point)) return null;
  return refuseOne(
    'one-way',
    `step ${plan.pointOfNoReturn} cannot be undone, and nothing was backed up before it: ${point.summary}`,
    'if that is meant: --one-way',
  );
}

function hasBackup({ steps }: Plan, point: Step): boolean {
  return steps.slice(0, steps.indexOf(point)).some(isBackup);
}

function isBackup(step: Step): boolean {
  return step.kind === 'backup-data' || (step.kind === 'run-program' && step.verb === 'backup');
}
