import readline from 'node:readline';
import { PkgError } from '../error.ts';
import { canAsk } from './can-ask.ts';
import type { Context } from './command.ts';

/** Asks on the terminal whether the plan just shown shall be run; --yes answers, a missing terminal is an error. */
export function askPlan(context: Omit<Context, 'session'>): Promise<boolean> {
  if (context.yes) return Promise.resolve(true);
  if (!canAsk(context)) throw nobodyToAsk();
  return ask('Go on? [y/N] ', context.streams);
}

/** End of input counts as no; Ctrl-C ends the command as everywhere else. */
function ask(question: string, { input, talk }: Context['streams']): Promise<boolean> {
  const prompt = readline.createInterface({ input, output: talk, terminal: true });
  return new Promise((resolve, reject) => {
    prompt.once('close', () => {
      talk.write('\n');
      resolve(false);
    });
    prompt.once('SIGINT', () => {
      reject(new PkgError('interrupted', 'interrupted by SIGINT'));
      prompt.close();
    });
    prompt.question(question, (answer) => {
      prompt.removeAllListeners('close');
      resolve(/^y(es)?$/i.test(answer.trim()));
      prompt.close();
    });
  });
}

function nobodyToAsk(): PkgError {
  return new PkgError('needs-yes', 'this would change the root, and nobody can be asked', {
    hint: 'look at it with --dry-run, then repeat with --yes',
  });
}
