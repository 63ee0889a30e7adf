import { PkgError } from '../error.ts';
import { ask } from './ask.ts';
import { canAsk } from './can-ask.ts';
import type { Context } from './command.ts';

/** For what should not be answered with one key: the word itself has to be typed, unless --yes stands for it. */
export async function askTyped(risk: string, word: string, context: Omit<Context, 'session'>): Promise<void> {
  if (context.yes) return;
  if (!canAsk(context)) {
    throw new PkgError('needs-yes', `${risk}, and nobody can be asked`, {
      hint: 'if that is meant: --yes',
    });
  }
  const answer = await ask(`${risk}.\nTo go on, type ${word}: `, context.streams);
  if (answer?.trim() !== word) throw new PkgError('declined', `'${word}' was not typed`);
}
