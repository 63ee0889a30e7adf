import type { Command } from '../command.ts';
import { givenSettings, SETTINGS_OPTIONS } from '../given-settings.ts';

export const apply: Command = {
  name: 'apply',
  args: '<plan>',
  summary: 'run exactly the plan that pkg plan -o wrote; refused if the root has changed since',
  group: 'change',
  examples: ['pkg apply plan.json'],
  options: SETTINGS_OPTIONS.filter(({ flags }) => flags.startsWith('--settings')),
  completes: 'file',
  run: async ([file = ''], options, context) => {
    const { applyPlan } = await import('../../operations/change/apply-plan.ts');
    return (await applyPlan(file, givenSettings(options).settings, await context.session(options))).exit;
  },
};
