import type { Command } from '../command.ts';
import { givenSettings, SETTINGS_OPTIONS } from '../given-settings.ts';
import { OVERRIDE_OPTIONS } from '../options.ts';
import { withScreen } from '../with-screen.ts';

export const apply: Command = {
  name: 'apply',
  args: '<plan>',
  summary: 'run exactly the plan that pkg plan -o wrote; refused if the root has changed meanwhile',
  group: 'change',
  examples: ['pkg apply plan.json'],
  options: [
    ...SETTINGS_OPTIONS.filter(({ flags }) => flags.startsWith('--settings')),
    ...OVERRIDE_OPTIONS.filter(({ flags }) => flags === '--ignore-window'),
  ],
  completes: 'file',
  run: async ([file = ''], options, context) => {
    const { applyPlan } = await import('../../operations/change/apply-plan.ts');
    const given = { settings: givenSettings(options).settings, ignoreWindow: options['ignoreWindow'] === true };
    const session = await context.session(options);
    return (await withScreen(session, context, (shown) => applyPlan(file, given, shown))).exit;
  },
};
