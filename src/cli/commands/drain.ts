import type { Command } from '../command.ts';
import { textOption } from '../options.ts';

export const drain: Command = {
  name: 'drain',
  args: '<name>',
  summary: 'take a service, or all of a bundle, out of its proxy: no new requests arrive, open ones finish',
  group: 'run',
  options: [{ flags: '--until <time>', help: 'when it comes back by itself: 06:00, 30m, or an ISO time' }],
  examples: ['pkg drain web/server --until 06:00', 'pkg drain web --until 30m'],
  completes: 'service',
  run: async ([name = ''], options, context) => {
    const { drain: operation } = await import('../../operations/drain/drain.ts');
    const { timeAhead } = await import('../../operations/maintenance/time-ahead.ts');
    const until = textOption(options, 'until');
    const time = until === undefined ? null : timeAhead(until, new Date());
    return (await operation(name, time, await context.session(options))).exit;
  },
};
