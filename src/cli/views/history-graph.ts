import type { Change } from '../../model/index.ts';
import type { Told } from '../../operations/look/history.ts';
import type { Edge, Graph } from './graph.ts';

/** Generations and the transactions that lead from one to the next; dashed what was undone or is not finished. */
export function historyGraph(transactions: readonly Told[], live: number | null): Graph {
  const edges = transactions.flatMap((told) => edgeOf(told, live));
  return { nodes: [...new Set(edges.flatMap(({ from, to }) => [from, to]))], edges };
}

function edgeOf({ id, from, to, outcome, changes }: Told, live: number | null): readonly Edge[] {
  if (to === null) return [];
  const isGood = outcome === 'committed' || outcome === 'trial';
  return [
    {
      from: title(from, live),
      to: title(to, live),
      label: `${id}${outcome === 'committed' ? '' : ` ${outcome}`}: ${changes.map(inWords).join(', ')}`,
      ...(isGood ? {} : { isDashed: true as const }),
    },
  ];
}

function inWords({ name, from, to }: Change): string {
  if (from === null) return `${name} ${to} added`;
  return to === null ? `${name} ${from} removed` : `${name} ${from} -> ${to}`;
}

function title(number: number | null, live: number | null): string {
  if (number === null) return 'an empty root';
  return `generation ${number}${number === live ? ', live' : ''}`;
}
