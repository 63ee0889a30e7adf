import { PkgError } from '../error.ts';
import type { Plan } from '../model/index.ts';
import { ask } from './ask.ts';
import { canAsk } from './can-ask.ts';
import type { Context } from './command.ts';
import { dangersOf } from './dangers.ts';

/** Asks on the terminal whether the plan just shown shall be run; --yes answers, a missing terminal is an error. */
export async function askPlan(plan: Plan, context: Omit<Context, 'session'>): Promise<boolean> {
  if (context.yes) return true;
  if (!canAsk(context)) throw nobodyToAsk();
  const isDangerous = dangersOf(plan).length > 0;
  const question = isDangerous ? 'Go on? Type the whole word yes: ' : 'Go on? [y/N] ';
  // The end of input counts as no.
  const answer = (await ask(question, context.streams))?.trim() ?? '';
  return isDangerous ? /^yes$/i.test(answer) : /^y(es)?$/i.test(answer);
}

function nobodyToAsk(): PkgError {
  return new PkgError('needs-yes', 'this would change the root, and nobody can be asked', {
    hint: 'if that is meant: --yes',
  });
}
