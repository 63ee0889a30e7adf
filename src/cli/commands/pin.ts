import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { nameRange } from '../options.ts';
import { printKept } from '../print-result.ts';
import { DRY_RUN, print, say } from '../streams.ts';

export const pin: Command = {
  name: 'pin',
  args: '[name[@range]...]',
  summary: 'hold bundles in a range, or at the version they have; without a name, list what is held',
  group: 'keep',
  examples: ['pkg pin perl', 'pkg pin perl@~5.8', 'pkg pin'],
  completes: 'bundle',
  run: async (words, options, context) => {
    const { readPins, pin: hold } = await import('../../operations/keep/pins.ts');
    const isChange = words.length > 0;
    const before = isChange ? { pins: readPins(context.root) } : null;
    const pins = isChange ? await hold(words.map(nameRange), await context.session(options)) : readPins(context.root);
    if (context.json) {
      await printKept({ pins }, before, context);
      return EXIT.done;
    }
    for (const [name, range] of Object.entries(pins)) print(context.streams, `${name} ${range}`);
    if (isChange && context.dryRun) say(context.streams, DRY_RUN);
    return EXIT.done;
  },
};
