import { canShow } from './can-show.ts';
import { makeContext } from './make-context.ts';
import type { Surroundings } from './surroundings.ts';

/** `pkg` alone on a terminal: the words chosen on a screen, if there can be one. */
export async function wordsFromScreen(around: Surroundings): Promise<readonly string[] | 'left' | 'no-screen'> {
  const context = makeContext({}, [], around);
  if (!canShow(context)) return 'no-screen';
  const { browse } = await import('./tui/history/browse.ts');
  const words = await browse(context);
  return words.length === 0 ? 'left' : words;
}
