import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { printResult } from '../print-result.ts';
import { DRY_RUN, say } from '../streams.ts';

export const unpin: Command = {
  name: 'unpin',
  args: '<name...>',
  summary: 'let pinned bundles move again',
  group: 'keep',
  examples: ['pkg unpin perl'],
  completes: 'bundle',
  run: async (names, options, context) => {
    const operations = await import('../../operations/keep/pins.ts');
    const freed = await operations.unpin(names, await context.session(options));
    if (context.json) {
      const outcome = freed.length === 0 || context.dryRun ? 'nothing-to-do' : 'committed';
      await printResult(context, outcome, { unpinned: freed });
      return EXIT.done;
    }
    const may = context.dryRun ? 'could' : 'may';
    for (const name of names)
      say(context.streams, freed.includes(name) ? `${name} ${may} move again` : `${name} was not pinned`);
    if (context.dryRun) say(context.streams, DRY_RUN);
    return EXIT.done;
  },
};
