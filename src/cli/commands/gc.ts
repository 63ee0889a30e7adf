import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { numberOption } from '../options.ts';
import { print, printJson, say } from '../streams.ts';
import { bytesInWords } from '../views/bytes.ts';

export const gc: Command = {
  name: 'gc',
  summary: 'remove generations nobody goes back to, and bundles and archives that only they held',
  group: 'keep',
  options: [
    { flags: '--keep <n>', help: 'good generations that stay, the live one counted (3, or keep in settings.json)' },
  ],
  examples: ['pkg gc --dry-run', 'pkg gc --keep 1'],
  completes: 'nothing',
  run: async (_words, options, context) => {
    const operations = await import('../../operations/keep/gc.ts');
    const keep = numberOption(options, 'keep', 1) ?? null;
    const freed = await operations.gc(await context.session(options), keep);
    if (context.json) {
      const isNothing = context.dryRun || freed.generations.length + freed.bundles.length === 0;
      printJson(context.streams, { event: 'result', outcome: isNothing ? 'nothing-to-do' : 'committed', ...freed });
      return EXIT.done;
    }
    for (const number of freed.generations) print(context.streams, `generation ${number}`);
    for (const { name, version } of freed.bundles) print(context.streams, `${name} ${version}`);
    const words = context.dryRun ? 'would come free' : 'came free';
    if (!context.quiet) say(context.streams, `${bytesInWords(freed.bytes)} ${words}`);
    return EXIT.done;
  },
};
