import { EXIT } from '../../error.ts';
import { parseDuration } from '../../system/index.ts';
import type { Command } from '../command.ts';
import { numberOption, textOption } from '../options.ts';

export const serviceWatch: Command = {
  name: 'watch',
  summary: 'run in the foreground and restart services that die or stop answering, until SIGTERM',
  group: 'run',
  options: [
    { flags: '--interval <duration>', help: 'how often to look (5s)' },
    { flags: '--failures <n>', help: 'restart a service that was not ready this many times in a row (3)' },
  ],
  examples: ['pkg service watch', 'pkg service watch --interval 30s --failures 5'],
  completes: 'nothing',
  run: async (_words, options, context) => {
    const operations = await import('../../operations/service/watching/watch.ts');
    const order = {
      intervalMs: parseDuration(textOption(options, 'interval') ?? '5s'),
      failures: numberOption(options, 'failures', 1) ?? 3,
    };
    await operations.watchServices(order, await context.session(options));
    return EXIT.done;
  },
};
