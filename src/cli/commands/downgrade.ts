import type { Command } from '../command.ts';
import { SETTINGS_OPTIONS } from '../given-settings.ts';
import { ARCHIVE_OPTIONS, OVERRIDE_OPTIONS, PREVIEW_OPTION, TRY_OPTION } from '../options.ts';

export const downgrade: Command = {
  name: 'downgrade',
  args: '<file|name@version...>',
  summary: 'go to lower versions; needs --force unless the newer bundle declares the way down',
  group: 'change',
  options: [
    { flags: '--force', help: 'a lower version is intended; nothing else is forced' },
    { flags: '--remove <name>', help: 'remove this in the same transaction (may be repeated)', isList: true },
    TRY_OPTION,
    PREVIEW_OPTION,
    ...SETTINGS_OPTIONS,
    ...OVERRIDE_OPTIONS,
    ...ARCHIVE_OPTIONS,
  ],
  examples: ['pkg downgrade --force web@1.0.0', 'pkg downgrade --force perl-5.6.0.tgz mod_perl-1.26.0.tgz'],
  completes: 'file',
  run: async (words, options, context) =>
    (await import('../run-verb.ts')).runVerb('downgrade', words, options, context),
};
