import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { print, printJson } from '../streams.ts';

export const owner: Command = {
  name: 'owner',
  args: '<path>',
  summary: 'which bundle a path belongs to; a word without / may be a command',
  group: 'look',
  examples: ['pkg owner /var/lib/pkg/current/bin/web', 'pkg owner web'],
  completes: 'file',
  run: async ([word = ''], _options, context) => {
    const operations = await import('../../operations/look/owner.ts');
    const found = await operations.owner(context.root, word, process.cwd());
    if (context.json) printJson(context.streams, found);
    else
      print(
        context.streams,
        `${found.bundle}${found.version === null ? '' : ` ${found.version}`}  ${found.kind}  ${found.file}`,
      );
    return EXIT.done;
  },
};
