import path from 'node:path';
import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { textOption } from '../options.ts';
import { print, printJson, say } from '../streams.ts';

export const build: Command = {
  name: 'build',
  args: '[dir]',
  summary: 'pack a folder into NAME-VERSION.tgz; the same input gives the same bytes',
  group: 'make',
  options: [{ flags: '-o, --output <dir>', help: 'where the archive goes (the current folder)' }],
  examples: ['pkg build', 'pkg build fixtures/perl-5.8.0 -o out'],
  completes: 'file',
  run: async ([folder = '.'], options, context) => {
    const { build: pack } = await import('../../operations/build.ts');
    const outDir = path.resolve(textOption(options, 'output') ?? '.');
    const { warnings, ...packed } = await pack({ folder: path.resolve(folder), outDir, env: context.env });
    for (const warning of warnings) say(context.streams, `warning: ${warning}`);
    if (context.json) printJson(context.streams, packed);
    else print(context.streams, packed.file);
    return EXIT.done;
  },
};
