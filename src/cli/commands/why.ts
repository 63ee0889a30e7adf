import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { print, printJson } from '../streams.ts';

export const why: Command = {
  name: 'why',
  args: '<name>',
  summary: 'why a bundle is installed: who asked for it, who needs it, since when',
  group: 'look',
  examples: ['pkg why perl'],
  completes: 'bundle',
  run: async ([name = ''], _options, context) => {
    const operations = await import('../../operations/why.ts');
    const found = await operations.why(context.root, name);
    if (context.json) {
      printJson(context.streams, found);
      return EXIT.done;
    }
    const { whyLines } = await import('../views/why-text.ts');
    for (const line of whyLines(found)) print(context.streams, line);
    return EXIT.done;
  },
};
