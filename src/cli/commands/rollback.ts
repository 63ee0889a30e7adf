import type { Command } from '../command.ts';
import { OVERRIDE_OPTIONS, PREVIEW_OPTION, TRY_OPTION } from '../options.ts';

export const rollback: Command = {
  name: 'rollback',
  args: '[generation]',
  summary: 'go back to the last good generation, or to the one named; twice goes further back; gives up a trial',
  group: 'change',
  options: [
    { flags: '--exact', help: 'configuration byte for byte as it was; edits made since are kept beside it' },
    TRY_OPTION,
    PREVIEW_OPTION,
    ...OVERRIDE_OPTIONS,
  ],
  examples: ['pkg rollback', 'pkg rollback 3', 'pkg rollback before-the-move'],
  completes: 'generation',
  run: async (words, options, context) => {
    if (words.length === 0) {
      const { giveUpTrial } = await import('../../operations/trial/give-up-trial.ts');
      const ended = await giveUpTrial(await context.session(options));
      if (ended !== null) return ended.exit;
    }
    return (await import('../run-verb.ts')).runVerb('rollback', words, options, context);
  },
};
