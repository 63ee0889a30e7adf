import { ask } from './ask.ts';
import { canAsk } from './can-ask.ts';
import type { Context } from './command.ts';

/** Asks on the terminal; anything but a yes is a no, also where nobody can be asked, and --yes is no answer to this. */
export async function askYesNo(question: string, context: Omit<Context, 'session'>): Promise<boolean> {
  return canAsk(context) && (await saysYes(question, context.streams));
}

/** The end of input counts as no. */
async function saysYes(question: string, streams: Context['streams']): Promise<boolean> {
  const answer = await ask(`${question} [y/N] `, streams);
  return /^y(es)?$/i.test(answer?.trim() ?? '');
}
