import path from 'node:path';
import { EXIT } from '../../error.ts';
import { quoted } from '../../model/index.ts';
import type { Command } from '../command.ts';
import { textOption } from '../options.ts';
import { DRY_RUN, print, printJson, say } from '../streams.ts';

export const init: Command = {
  name: 'init',
  args: '[dir]',
  summary: 'make a bundle folder that can be built and installed as it is',
  group: 'make',
  options: [
    {
      flags: '--template <name>',
      help: 'static (a web site), node, erlang (web services), systemd (a worker), hooks (one for each moment)',
    },
  ],
  examples: ['pkg init web', 'pkg init service --template node'],
  completes: 'file',
  run: async ([folder = '.'], options, context) => {
    const operations = await import('../../operations/init/init.ts');
    const template = textOption(options, 'template') ?? 'static';
    const made = operations.init(path.resolve(folder), { template, dryRun: context.dryRun });
    if (context.json) {
      printJson(context.streams, { ...made, ...(context.dryRun ? { dryRun: true } : {}) });
      return EXIT.done;
    }
    for (const file of made.files) print(context.streams, path.join(folder, file));
    const then = context.dryRun ? DRY_RUN : `next: pkg build ${quoted(folder)}`;
    if (!context.quiet) say(context.streams, then);
    return EXIT.done;
  },
};
