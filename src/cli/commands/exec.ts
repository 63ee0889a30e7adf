import type { Command } from '../command.ts';
import { textOption } from '../options.ts';

export const exec: Command = {
  name: 'exec',
  args: '<command...>',
  summary: 'run a command with the commands and variables of a generation; changes nothing',
  group: 'look',
  options: [{ flags: '--generation <n>', help: 'a generation other than the live one, by number or tag' }],
  examples: ['pkg exec -- perl -v', 'pkg exec --generation 3 -- web --check'],
  completes: 'command',
  run: async (command, options, context) => {
    const operations = await import('../../operations/exec.ts');
    const generation = textOption(options, 'generation') ?? null;
    return operations.exec(context.root, { command, generation, env: context.env });
  },
};
