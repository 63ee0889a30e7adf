import type { Command } from '../command.ts';
import { OVERRIDE_OPTIONS } from '../options.ts';

export const remove: Command = {
  name: 'remove',
  args: '[name...]',
  summary: 'remove bundles; data and configuration stay unless --purge',
  group: 'change',
  options: [
    { flags: '--cascade', help: 'also what needs them' },
    { flags: '--unused', help: 'also what was only installed as their dependency' },
    { flags: '--purge', help: 'also their data and configuration, for good' },
    { flags: '--stop', help: 'stop their running services first' },
    { flags: '--all', help: 'everything that is installed' },
    ...OVERRIDE_OPTIONS,
  ],
  examples: ['pkg remove web', 'pkg remove perl --cascade --unused'],
  completes: 'bundle',
  run: async (words, options, context) => (await import('../run-verb.ts')).runVerb('remove', words, options, context),
};
