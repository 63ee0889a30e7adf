import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { bundleNamed } from '../options.ts';
import { print, printJson } from '../streams.ts';

export const info: Command = {
  name: 'info',
  args: '<name>',
  summary: 'everything about one bundle, installed or kept: what it declares, who needs it, its configuration',
  group: 'look',
  examples: ['pkg info web', 'pkg info web@1.0.0'],
  completes: 'bundle',
  run: async ([word = ''], _options, context) => {
    const operations = await import('../../operations/look/info.ts');
    const found = await operations.info(context.root, bundleNamed(word));
    if (context.json) {
      printJson(context.streams, found);
      return EXIT.done;
    }
    const { infoLines } = await import('../views/info-text.ts');
    for (const line of infoLines(found)) print(context.streams, line);
    return EXIT.done;
  },
};
