import path from 'node:path';
import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { ARCHIVE_OPTIONS, splitWords, textOption } from '../options.ts';
import { withStdinArchive } from '../stdin-archive.ts';
import { print, printJson } from '../streams.ts';
import { upgradableText } from '../views/upgradable-text.ts';

export const upgradable: Command = {
  name: 'upgradable',
  args: '<file|name[@version]>',
  summary: 'whether one version can replace another, by which path, and whether it can go back',
  group: 'look',
  options: [{ flags: '--from <version>', help: 'another version than the installed one' }, ...ARCHIVE_OPTIONS],
  examples: ['pkg upgradable web-2.0.0.tgz', 'pkg upgradable web@1.0.0 --from 2.0.0'],
  completes: 'file',
  run: (words, options, context) =>
    withStdinArchive(words, context.streams, async (given) => {
      const operations = await import('../../operations/look/upgradable.ts');
      const { limitsOf } = await import('../limits.ts');
      const { files, names } = splitWords(given);
      const found = await operations.upgradable(context.root, {
        to: names[0] ?? { file: path.resolve(files[0] ?? '') },
        from: textOption(options, 'from') ?? null,
        limits: limitsOf(options),
      });
      if (context.json) {
        printJson(context.streams, found);
        return EXIT.done;
      }
      print(context.streams, upgradableText(found));
      return EXIT.done;
    }),
};
