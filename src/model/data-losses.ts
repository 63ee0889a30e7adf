import type { Deletable } from './deletable.ts';
import type { Plan } from './plan.ts';

/** The data that a plan deletes for good, by bundle, without what was accepted in advance. */
export function dataLosses({
  steps,
  overrides,
}: Pick<Plan, 'steps' | 'overrides'>): readonly { readonly name: string; readonly lost: readonly Deletable[] }[] {
  return steps.flatMap((step) => {
    if (step.kind !== 'purge' || overrides.includes(`accept-data-loss ${step.name}`)) return [];
    // Configuration goes with it; only what services wrote cannot be written once more.
    const lost = step.deletes.filter(({ what, entries }) => what === 'data' && entries > 0);
    return lost.length === 0 ? [] : [{ name: step.name, lost }];
  });
}
