import path from 'node:path';
import { EXIT, PkgError } from '../../error.ts';
import type { Command } from '../command.ts';
import { listOption, textOption } from '../options.ts';
import { print, printJson, say } from '../streams.ts';

export const build: Command = {
  name: 'build',
  args: '[dir] [old...]',
  summary: 'pack a folder into NAME-VERSION.tgz; the same input gives the same bytes',
  group: 'make',
  options: [
    { flags: '-o, --output <dir>', help: 'where the archive goes (the current folder)' },
    {
      flags: '--against <old>',
      help: 'check the upgrade paths against archives of earlier versions; several may follow',
      isList: true,
    },
  ],
  examples: [
    'pkg build',
    'pkg build fixtures/perl-5.8.0 -o out',
    'pkg build web --against web-1.0.0.tgz web-1.1.0.tgz',
  ],
  completes: 'file',
  run: async (words, options, context) => {
    const { folder, against } = wishOf(words, listOption(options, 'against'));
    const { build: pack } = await import('../../operations/build.ts');
    const outDir = path.resolve(textOption(options, 'output') ?? '.');
    const { warnings, ...packed } = await pack({ folder, outDir, against, env: context.env });
    for (const warning of warnings) say(context.streams, `warning: ${warning}`);
    if (context.json) printJson(context.streams, packed);
    else print(context.streams, packed.file);
    return EXIT.done;
  },
};

/** Archives after the first one given with `--against` stand among the words. */
function wishOf(words: readonly string[], named: readonly string[]): { folder: string; against: readonly string[] } {
  const more = named.length === 0 ? [] : words.filter((word) => word.endsWith('.tgz'));
  const [folder = '.', ...rest] = words.filter((word) => !more.includes(word));
  if (rest.length > 0)
    throw new PkgError('usage', `cannot build two folders at once: ${folder} and ${rest.join(', ')}`);
  return { folder: path.resolve(folder), against: [...named, ...more].map((file) => path.resolve(file)) };
}
