import type { Command } from '../command.ts';

export const apply: Command = {
  name: 'apply',
  args: '<plan>',
  summary: 'run exactly the plan that pkg plan -o wrote; refused if the root has changed since',
  group: 'change',
  examples: ['pkg apply plan.json'],
  completes: 'file',
  run: async ([file = ''], options, context) => {
    const { applyPlan } = await import('../../operations/apply-plan.ts');
    return (await applyPlan(file, await context.session(options))).exit;
  },
};
