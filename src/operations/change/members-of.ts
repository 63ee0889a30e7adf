import type { BundleId, Facts, Manifest, Plan } from '../../model/index.ts';

/** A bundle of a generation that the plan makes. */
export type PlannedMember = { readonly id: BundleId; readonly manifest: Manifest };

/** Every bundle of every generation that the plan makes, stops on the way included. */
export function membersOf(plan: Plan, facts: Pick<Facts, 'known'>): readonly PlannedMember[] {
  return generationsOf(plan, facts).flat();
}

/** The bundles of each generation that the plan makes. */
export function generationsOf(plan: Plan, { known }: Pick<Facts, 'known'>): readonly (readonly PlannedMember[])[] {
  return plan.steps.flatMap((step) =>
    step.kind === 'write-generation' ? [step.bundles.flatMap(({ digest }) => known.get(digest) ?? [])] : [],
  );
}
