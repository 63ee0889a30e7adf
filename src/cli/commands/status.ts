import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { print, printJson } from '../streams.ts';

export const status: Command = {
  name: 'status',
  summary: 'what is live, what is going on, and what waits for you; never waits for the lock',
  group: 'look',
  completes: 'nothing',
  run: async (_words, _options, context) => {
    const operations = await import('../../operations/look/status.ts');
    const found = await operations.status(context.root);
    if (context.json) {
      printJson(context.streams, found);
      return EXIT.done;
    }
    const { statusLines } = await import('../views/status-text.ts');
    const { repeatRoot } = await import('../repeat-root.ts');
    for (const line of statusLines(found, context.root)) print(context.streams, repeatRoot(line, context.rootWords));
    return EXIT.done;
  },
};
