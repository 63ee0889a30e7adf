import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { bundleNamed, GRAPH_OPTION } from '../options.ts';
import { showGraph } from '../show-graph.ts';
import { print, printJson } from '../streams.ts';

export const why: Command = {
  name: 'why',
  args: '<name>',
  summary: 'why a bundle is installed: who asked for it, who needs it, since when',
  group: 'look',
  options: [GRAPH_OPTION],
  examples: ['pkg why perl', 'pkg why perl --graph'],
  completes: 'bundle',
  run: async ([word = ''], options, context) => {
    const operations = await import('../../operations/look/why.ts');
    const found = await operations.why(context.root, bundleNamed(word).name);
    if (options['graph'] === true) {
      const { whyGraph } = await import('../views/why-graph.ts');
      await showGraph(whyGraph(found), context);
      return EXIT.done;
    }
    if (context.json) {
      printJson(context.streams, found);
      return EXIT.done;
    }
    const { whyLines } = await import('../views/why-text.ts');
    for (const line of whyLines(found)) print(context.streams, line);
    return EXIT.done;
  },
};
