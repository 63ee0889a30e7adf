import type { Command } from '../command.ts';
import { SETTINGS_OPTIONS } from '../given-settings.ts';
import { ARCHIVE_OPTIONS, OVERRIDE_OPTIONS, PREVIEW_OPTION, TRY_OPTION } from '../options.ts';

export const install: Command = {
  name: 'install',
  args: '<file|name...>',
  summary: 'install or upgrade bundles, all of them as one atomic change',
  group: 'change',
  options: [
    { flags: '--remove <name>', help: 'remove this in the same transaction (may be repeated)', isList: true },
    {
      flags: '--sha256 <hex>',
      help: 'refuse unless an archive with this digest, or a file with this sha256, is given (may be repeated)',
      isList: true,
    },
    TRY_OPTION,
    PREVIEW_OPTION,
    ...SETTINGS_OPTIONS,
    ...OVERRIDE_OPTIONS,
    ...ARCHIVE_OPTIONS,
  ],
  examples: [
    'pkg install perl-5.8.0.tgz mod_perl-1.27.0.tgz',
    'pkg install ./web-2.0.0.tgz --remove old-web --dry-run',
    'pkg install web-2.0.0.tgz --try 10m && ./look-at-it && pkg commit',
    'pkg install web-2.0.0.tgz --preview header:X-Preview=1',
  ],
  completes: 'file',
  run: async (words, options, context) => (await import('../run-verb.ts')).runVerb('install', words, options, context),
};
