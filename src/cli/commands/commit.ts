import type { Command } from '../command.ts';

export const commit: Command = {
  name: 'commit',
  summary: 'keep the change that is on trial',
  group: 'change',
  examples: ['pkg commit'],
  completes: 'nothing',
  run: async (_words, options, context) => {
    const operation = await import('../../operations/trial/commit.ts');
    return (await operation.commit(await context.session(options))).exit;
  },
};
