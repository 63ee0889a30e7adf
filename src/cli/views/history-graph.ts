import type { Told } from '../../operations/look/history.ts';
import type { Edge, Graph } from './graph.ts';

/** Generations and the transactions that lead from one to the next; dashed what was undone or is not finished. */
export function historyGraph(transactions: readonly Told[]): Graph {
  const edges = transactions.flatMap(edgeOf);
  return { nodes: [...new Set(edges.flatMap(({ from, to }) => [from, to]))], edges };
}

function edgeOf({ id, from, to, outcome, changes }: Told): readonly Edge[] {
  if (to === null) return [];
  const isGood = outcome === 'committed' || outcome === 'trial';
  const what = changes.map(({ name, from: old, to: young }) => `${name} ${old ?? '-'} -> ${young ?? '-'}`).join(', ');
  return [
    {
      from: title(from),
      to: title(to),
      label: `${id}${outcome === 'committed' ? '' : ` ${outcome}`}: ${what}`,
      ...(isGood ? {} : { isDashed: true as const }),
    },
  ];
}

function title(number: number | null): string {
  return number === null ? 'an empty root' : `generation ${number}`;
}
