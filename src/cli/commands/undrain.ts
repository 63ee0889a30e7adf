import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';

export const undrain: Command = {
  name: 'undrain',
  args: '[name]',
  summary: 'put a drained service back into its proxy; without a name, every drained service',
  group: 'run',
  options: [
    { flags: '--when-over', help: 'wait until its time is over; pkg starts it by itself after pkg drain --until' },
  ],
  examples: ['pkg undrain web/server'],
  completes: 'service',
  run: async ([name], options, context) => {
    const session = await context.session(options);
    if (options['whenOver'] === true && name !== undefined) {
      await (await import('../../operations/drain/await-drain-end.ts')).awaitDrainEnd(name, session);
      return EXIT.done;
    }
    return (await (await import('../../operations/drain/undrain.ts')).undrain(name ?? null, session)).exit;
  },
};
