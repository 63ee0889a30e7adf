import { ask } from './ask.ts';
import { canAsk } from './can-ask.ts';
import type { Context } from './command.ts';
import { say } from './streams.ts';

/** Asks to type a name, as a yes is typed too easily; null = nobody can be asked. */
export async function askName(name: string, loss: string, context: Omit<Context, 'session'>): Promise<string | null> {
  if (!canAsk(context)) return null;
  say(context.streams, loss);
  // The end of input names nothing.
  return (await ask(`Type ${name} to go on: `, context.streams)) ?? '';
}
