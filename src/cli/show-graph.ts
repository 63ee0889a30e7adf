import type { Context } from './command.ts';
import { showLines } from './show-lines.ts';
import { printJson } from './streams.ts';
import { drawnLines, type Graph, mermaidLines } from './views/graph.ts';

/** Prints a picture in the form that its reader can use: data, text on a terminal, Mermaid for a file or a program. */
export async function showGraph(
  graph: Graph,
  context: Pick<Context, 'json' | 'streams' | 'env' | 'noInput'>,
  drawn: (graph: Graph) => readonly string[] = drawnLines,
): Promise<void> {
  const { json, streams } = context;
  if (json) printJson(streams, graph);
  else await showLines(streams.output.isTTY === true ? drawn(graph) : mermaidLines(graph), context);
}
