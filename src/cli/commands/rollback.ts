import type { Command } from '../command.ts';
import { OVERRIDE_OPTIONS } from '../options.ts';

export const rollback: Command = {
  name: 'rollback',
  args: '[generation]',
  summary: 'go back to the last good generation, or to the one named; twice goes further back',
  group: 'change',
  options: [
    { flags: '--exact', help: 'configuration byte for byte as it was; edits made since are kept beside it' },
    ...OVERRIDE_OPTIONS,
  ],
  examples: ['pkg rollback', 'pkg rollback 3', 'pkg rollback before-the-move'],
  completes: 'generation',
  run: async (words, options, context) => (await import('../run-verb.ts')).runVerb('rollback', words, options, context),
};
