import type { Decision, Facts, Request } from '../../model/index.ts';
import { decide } from '../../plan/index.ts';
import type { Layout } from '../../store/index.ts';
import { gatherData } from '../facts/gather-data.ts';
import { gatherDeletable } from '../facts/gather-deletable.ts';

/** Decides. Data is only measured if it would be copied or deleted, because that takes time. */
export function decideMeasured(
  request: Request,
  gathered: Facts,
  layout: Layout,
): { readonly facts: Facts; readonly decision: Decision } {
  const facts = { ...gathered, deletable: gatherDeletable(request, gathered, layout) };
  const decision = decide(request, facts);
  const copied = decision.kind !== 'plan' ? [] : decision.plan.steps.filter((step) => step.kind === 'backup-data');
  if (copied.length === 0) return { facts, decision };
  const dataFolders = gatherData(
    copied.map(({ name }) => name),
    layout,
  );
  return { facts: { ...facts, dataFolders }, decision: decide(request, { ...facts, dataFolders }) };
}
