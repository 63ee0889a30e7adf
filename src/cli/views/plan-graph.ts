import type { Change, Plan } from '../../model/index.ts';
import type { Edge, Graph } from './graph.ts';

const NOTHING = 'nothing';

/** The way of each bundle over every version that it passes, who needs whom, and dashed the ways not taken, with the reason. */
export function planGraph(plan: Plan): Graph {
  const taken = plan.changes.flatMap((change) => edgesOf(change, plan));
  const rejected: readonly Edge[] = plan.rejected.map(({ from, to, why }) => ({
    from,
    to,
    label: why,
    isDashed: true,
  }));
  const edges = [...taken, ...neededIn(plan), ...rejected];
  return { nodes: [...new Set(edges.flatMap(({ from, to }) => [from, to]))], edges };
}

/** Who needs whom among what changes and what it touches. */
function neededIn({ needs = [], steps }: Plan): readonly Edge[] {
  const written = steps.findLast((step) => step.kind === 'write-generation');
  const members = written?.kind === 'write-generation' ? written.bundles : [];
  const versions = new Map(members.map(({ name, version }) => [name, version]));
  const title = (name: string): string => `${name} ${versions.get(name) ?? ''}`.trimEnd();
  return needs.map(({ by, on, as, range }) => {
    const what = range === '*' ? as : `${as} ${range}`;
    return { from: title(by), to: title(on), label: `needs ${what}` };
  });
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
