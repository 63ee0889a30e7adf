import type { Context } from './command.ts';
import { print, printJson } from './streams.ts';
import { type Graph, graphLines } from './views/graph.ts';

/** Prints a picture in the form that its reader can use. */
export function showGraph(graph: Graph, { json, streams }: Pick<Context, 'json' | 'streams'>): void {
  if (json) printJson(streams, graph);
  else for (const line of graphLines(graph, streams)) print(streams, line);
}
