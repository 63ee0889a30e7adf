import { PkgError } from '../error.ts';
import { layoutOf, readPolicy } from '../store/index.ts';

/** The number of a generation as people name it: the number itself, or a tag. */
export function nameGeneration(root: string, word: string): number {
  const number = /^[1-9][0-9]*$/.test(word) ? Number(word) : readPolicy(layoutOf(root)).tags[word];
  if (number !== undefined) return number;
  throw new PkgError('no-such-generation', `there is no generation or tag '${word}'`, {
    hint: 'pkg history shows the generations, pkg tag the tags',
  });
}
