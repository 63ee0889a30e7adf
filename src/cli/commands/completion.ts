import { EXIT, PkgError } from '../../error.ts';
import type { Command } from '../command.ts';

export const completion: Command = {
  name: 'completion',
  args: '<shell>',
  summary: 'print what bash, zsh or fish needs to complete pkg',
  group: 'help',
  examples: ['source <(pkg completion bash)', 'pkg completion fish | source'],
  completes: 'shell',
  run: async ([shell = ''], _options, context) => {
    const { COMPLETION_SCRIPTS } = await import('../completion-scripts.ts');
    if (!Object.hasOwn(COMPLETION_SCRIPTS, shell)) {
      throw new PkgError('usage', `there is no completion for '${shell}'`, {
        hint: 'there is one for bash, zsh and fish',
      });
    }
    context.streams.output.write(COMPLETION_SCRIPTS[shell as keyof typeof COMPLETION_SCRIPTS]);
    return EXIT.done;
  },
};
