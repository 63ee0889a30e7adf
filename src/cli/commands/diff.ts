import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { print, printJson, say } from '../streams.ts';

export const diff: Command = {
  name: 'diff',
  args: '[a] [b]',
  summary: 'what differs between two generations; by default between the one before and the live one',
  group: 'look',
  options: [{ flags: '--files', help: 'also every file that differs' }],
  examples: ['pkg diff', 'pkg diff 3 7 --files', 'pkg diff before-the-move'],
  completes: 'generation',
  run: async (words, options, context) => {
    const operations = await import('../../operations/look/diff.ts');
    const found = await operations.diff(context.root, words, { withFiles: options['files'] === true });
    if (context.json) {
      printJson(context.streams, found);
      return EXIT.done;
    }
    const title = (number: number | null): string => (number === null ? 'nothing' : `generation ${number}`);
    say(context.streams, `${title(found.from)} -> ${title(found.to)}`);
    const { diffLines } = await import('../views/diff-text.ts');
    for (const line of diffLines(found)) print(context.streams, line);
    if (found.bundles.length === 0) say(context.streams, 'both have the same bundles');
    return EXIT.done;
  },
};
