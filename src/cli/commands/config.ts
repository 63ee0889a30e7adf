import { EXIT, PkgError } from '../../error.ts';
import type { Command, Options } from '../command.ts';
import { printResult } from '../print-result.ts';
import { DRY_RUN, print, printJson, say } from '../streams.ts';
import { withScreen } from '../with-screen.ts';

const list: Command = {
  name: 'list',
  args: '[name]',
  summary:
    'configuration files: as shipped, edited, deleted, added, what waits for you, and what a service has not loaded yet',
  group: 'look',
  examples: ['pkg config list', 'pkg config list web --json'],
  completes: 'bundle',
  run: async ([name], _options, context) => {
    const { listConfig } = await import('../../operations/config/list.ts');
    const found = await listConfig(context.root, name ?? null);
    if (context.json) printJson(context.streams, found);
    else
      for (const { state, path, notLoadedBy } of found.files) {
        const unseen = notLoadedBy.length === 0 ? '' : `  (changed, not loaded by ${notLoadedBy.join(', ')})`;
        print(context.streams, `${state.padEnd(10)}  ${path}${unseen}`);
      }
    return EXIT.done;
  },
};

const diff: Command = {
  name: 'diff',
  args: '[name] [file]',
  summary: 'what you changed compared with what was shipped, and what waits compared with what is in use',
  group: 'look',
  examples: ['pkg config diff', 'pkg config diff web web.conf'],
  completes: 'bundle',
  run: async (words, _options, context) => {
    const { diffConfig } = await import('../../operations/config/diff.ts');
    const files = await diffConfig(context.root, words);
    if (context.json) {
      printJson(context.streams, { files });
      return EXIT.done;
    }
    for (const { patch, path, state } of files) print(context.streams, patch ?? `${path}: ${state}, and no text`);
    if (files.length === 0) say(context.streams, 'all files are as they were shipped');
    return EXIT.done;
  },
};

const merge: Command = {
  name: 'merge',
  args: '<name> [file]',
  summary: 'settle a file that has a new version waiting beside it; what is replaced stays as FILE.pkg-old',
  group: 'keep',
  options: [
    { flags: '--keep', help: 'keep yours, delete the new one' },
    { flags: '--new', help: 'use the new one, keep yours beside it' },
  ],
  examples: ['pkg config merge web web.conf', 'pkg config merge web --new'],
  completes: 'bundle',
  run: async (words, options, context) => {
    const { mergeConfig } = await import('../../operations/config/merge.ts');
    const session = await context.session(options);
    const done = await withScreen(session, context, (shown) => mergeConfig(words, sideOf(options), shown));
    if (context.json) {
      const outcome = context.dryRun ? 'nothing-to-do' : 'committed';
      await printResult(context, outcome, done);
      return EXIT.done;
    }
    const kept = done.keptAs === null ? '' : `; what it was lies beside it as ${done.keptAs}`;
    print(context.streams, `${done.path}: ${TOOK[done.took]}${kept}`);
    if (context.dryRun) say(context.streams, DRY_RUN);
    return EXIT.done;
  },
};

export const config: Command = {
  name: 'config',
  summary: 'show configuration files, and settle those that wait for you',
  group: 'look',
  subcommands: [list, diff, merge],
  run: async () => {
    throw new PkgError('usage', 'pkg config takes list, diff or merge', { hint: 'pkg config --help' });
  },
};

const TOOK = { yours: 'yours stays', new: 'the new one is in place', merged: 'both are merged' } as const;

function sideOf(options: Options): 'keep' | 'new' | null {
  const [keep, isNew] = [options['keep'] === true, options['new'] === true];
  if (keep && isNew) throw new PkgError('usage', '--keep and --new exclude each other');
  return keep ? 'keep' : isNew ? 'new' : null;
}
