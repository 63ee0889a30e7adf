import type { Graph } from './graph.ts';

/**
 * Each thing on one line, in the order in which they came to be, as logs of version control draw it: a column for each
 * line that goes on, and `x` beside it for what was taken back. At most one edge may lead to each thing.
 */
export function laneLines({ nodes, edges }: Graph): readonly string[] {
  const into = new Map(edges.map((edge) => [edge.to, edge]));
  const coming = Map.groupBy(edges, ({ from }) => from);
  const lanes: Lane[] = [];
  return nodes.map((node) => {
    const edge = into.get(node);
    const from = edge === undefined ? -1 : lanes.indexOf(edge.from);
    const isLast = edge !== undefined && coming.get(edge.from)?.at(-1) === edge;
    const goesOn = isLast && edge.isDashed !== true;
    const at = goesOn ? from : firstFree(lanes, from + 1);
    const mark = edge?.isDashed === true ? 'x' : '*';
    const picture = goesOn ? row(lanes, { at, mark }) : row(lanes, { at, mark, branch: { from, isLast } });
    if (isLast) lanes[from] = null;
    lanes[at] = coming.has(node) ? node : null;
    while (lanes.at(-1) === null) lanes.pop();
    return [picture, node, edge?.label ?? ''].filter((part) => part !== '').join('  ');
  });
}

/** The thing whose line goes on below in this column. */
type Lane = string | null;

type Place = {
  readonly at: number;
  readonly mark: string;
  /** The column that it comes out of; -1 where it comes out of nothing. */
  readonly branch?: { readonly from: number; readonly isLast: boolean };
};

function firstFree(lanes: readonly Lane[], least: number): number {
  const free = lanes.findIndex((lane, column) => column >= least && lane === null);
  return free === -1 ? Math.max(least, lanes.length) : free;
}

function row(lanes: readonly Lane[], { at, mark, branch }: Place): string {
  const from = branch === undefined || branch.from === -1 ? at : branch.from;
  const cells = Array.from({ length: Math.max(lanes.length, at + 1) }, (_, column) => {
    const runs = (lanes[column] ?? null) !== null;
    const isCrossed = from < column && column < at;
    const gap = from <= column && column < at ? '─' : ' ';
    if (column === at) return `${mark} `;
    if (column === from) return `${branch?.isLast === true ? '└' : '├'}${gap}`;
    return `${crossing(runs, isCrossed)}${gap}`;
  });
  return cells.join('').trimEnd();
}

function crossing(runs: boolean, isCrossed: boolean): string {
  if (runs) return isCrossed ? '┼' : '│';
  return isCrossed ? '─' : ' ';
}
