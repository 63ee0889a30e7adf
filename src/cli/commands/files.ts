import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { bundleNamed } from '../options.ts';
import { showLines } from '../show-lines.ts';
import { printJson } from '../streams.ts';

export const files: Command = {
  name: 'files',
  args: '<name>',
  summary: 'what a bundle consists of',
  group: 'look',
  examples: ['pkg files web', 'pkg files web@1.0.0 --json'],
  completes: 'bundle',
  run: async ([word = ''], _options, context) => {
    const operations = await import('../../operations/look/files.ts');
    const found = await operations.files(context.root, bundleNamed(word));
    if (context.json) printJson(context.streams, found);
    else
      await showLines(
        found.files.map(({ path }) => `${found.folder}/${path}`),
        context,
      );
    return EXIT.done;
  },
};
