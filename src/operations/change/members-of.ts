import type { BundleId, Facts, Manifest, Plan } from '../../model/index.ts';

/** A bundle of a generation that the plan makes. */
export type PlannedMember = { readonly id: BundleId; readonly manifest: Manifest };

/** Every bundle of every generation that the plan makes, stops on the way included. */
export function membersOf(plan: Plan, { known }: Pick<Facts, 'known'>): readonly PlannedMember[] {
  const bundles = plan.steps.flatMap((step) => (step.kind === 'write-generation' ? step.bundles : []));
  return bundles.flatMap(({ digest }) => known.get(digest) ?? []);
}
