import { PkgError } from '../error.ts';
import { ask } from './ask.ts';
import { canAsk } from './can-ask.ts';
import type { Context } from './command.ts';

/** Asks on the terminal whether the plan just shown shall be run; --yes answers, a missing terminal is an error. */
export async function askPlan(context: Omit<Context, 'session'>): Promise<boolean> {
  if (context.yes) return true;
  if (!canAsk(context)) throw nobodyToAsk();
  // The end of input counts as no.
  const answer = await ask('Go on? [y/N] ', context.streams);
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}

function nobodyToAsk(): PkgError {
  return new PkgError('needs-yes', 'this would change the root, and nobody can be asked', {
    hint: 'look at it with --dry-run, then repeat with --yes',
  });
}
