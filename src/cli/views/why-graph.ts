import type { Why } from '../../plan/index.ts';
import type { Edge, Graph } from './graph.ts';

/** Who needs whom, down to the bundle that was asked about. */
export function whyGraph(tree: Why): Graph {
  const edges = new Map(edgesOf(tree).map((edge) => [`${edge.from} ${edge.label} ${edge.to}`, edge]));
  return { nodes: [...new Set(nodesOf(tree))], edges: [...edges.values()] };
}

function nodesOf(tree: Why): readonly string[] {
  return [title(tree), ...tree.neededBy.flatMap(({ by }) => nodesOf(by))];
}

function edgesOf(tree: Why): readonly Edge[] {
  return tree.neededBy.flatMap(({ as, range, by }) => [
    { from: title(by), to: title(tree), label: `needs ${range === '*' ? as : `${as} ${range}`}` },
    ...edgesOf(by),
  ]);
}

function title({ name, version, explicit }: Why): string {
  return `${name} ${version}${explicit ? ', asked for' : ''}`;
}
