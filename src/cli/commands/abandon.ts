import type { Command } from '../command.ts';

export const abandon: Command = {
  name: 'abandon',
  summary: 'end a preview; everything is as it was before',
  group: 'change',
  examples: ['pkg abandon'],
  completes: 'nothing',
  run: async (_words, options, context) => {
    const operation = await import('../../operations/trial/abandon.ts');
    return (await operation.abandon(await context.session(options))).exit;
  },
};
