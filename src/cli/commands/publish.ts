import type { Command } from '../command.ts';

export const publish: Command = {
  name: 'publish',
  summary: 'show a preview to everybody, and keep it',
  group: 'change',
  examples: ['pkg publish'],
  completes: 'nothing',
  run: async (_words, options, context) => {
    const operation = await import('../../operations/trial/publish.ts');
    return (await operation.publish(await context.session(options))).exit;
  },
};
