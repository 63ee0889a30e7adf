import type { Change, Plan } from '../../model/index.ts';
import type { Edge, Graph } from './graph.ts';

const NOTHING = 'nothing';

/** The way of each bundle over every version that it passes, and dashed the ways that were not taken, with the reason. */
export function planGraph(plan: Plan): Graph {
  const taken = plan.changes.flatMap((change) => edgesOf(change, plan));
  const rejected: readonly Edge[] = plan.rejected.map(({ from, to, why }) => ({
    from,
    to,
    label: why,
    isDashed: true,
  }));
  const edges = [...taken, ...rejected];
  return { nodes: [...new Set(edges.flatMap(({ from, to }) => [from, to]))], edges };
}

function edgesOf({ name, from, to, direction, class: disturbs }: Change, { steps }: Plan): readonly Edge[] {
  // One generation is written for each stop on the way.
  const passed = steps.flatMap((step) => {
    if (step.kind !== 'write-generation') return [];
    return step.bundles.find((bundle) => bundle.name === name)?.version ?? [];
  });
  const versions = [from, ...passed, to].filter((version, at, all) => version !== null && version !== all[at - 1]);
  const stops = versions.map((version) => `${name} ${version}`);
  const ends = [...(from === null ? [NOTHING] : []), ...stops, ...(to === null ? [NOTHING] : [])];
  const label = `${direction}${disturbs === 'none' ? '' : `, ${disturbs}`}`;
  return ends.slice(1).map((stop, at) => ({ from: ends[at] ?? NOTHING, to: stop, label }));
}
