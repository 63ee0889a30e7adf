import type { Command } from '../command.ts';
import { OVERRIDE_OPTIONS } from '../options.ts';

export const autoremove: Command = {
  name: 'autoremove',
  summary: 'remove everything that was only installed as a dependency and is no longer needed',
  group: 'change',
  options: [
    { flags: '--purge', help: 'also their data and configuration, for good' },
    { flags: '--stop', help: 'stop their running services first' },
    ...OVERRIDE_OPTIONS,
  ],
  completes: 'nothing',
  run: async (words, options, context) =>
    (await import('../run-verb.ts')).runVerb('autoremove', words, options, context),
};
