import type { Command } from '../command.ts';
import { SETTINGS_OPTIONS } from '../given-settings.ts';
import { OVERRIDE_OPTIONS, PREVIEW_OPTION, TRY_OPTION } from '../options.ts';

export const upgrade: Command = {
  name: 'upgrade',
  args: '[name...]',
  summary: 'move to the newest versions that are kept here',
  group: 'change',
  options: [TRY_OPTION, PREVIEW_OPTION, ...SETTINGS_OPTIONS, ...OVERRIDE_OPTIONS],
  examples: ['pkg upgrade', 'pkg upgrade web'],
  completes: 'bundle',
  run: async (words, options, context) => (await import('../run-verb.ts')).runVerb('upgrade', words, options, context),
};
