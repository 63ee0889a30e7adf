import { PkgError } from '../../error.ts';
import type { Generation } from '../../model/index.ts';
import { layoutOf, readPolicy } from '../../store/index.ts';
import { readableGeneration } from '../facts/read-current.ts';

/** The number of a generation as people name it: the number itself, or a tag. */
export function nameGeneration(root: string, word: string): number {
  if (/^[1-9][0-9]{0,14}$/.test(word)) return Number(word);
  const { tags } = readPolicy(layoutOf(root));
  const number = Object.hasOwn(tags, word) ? tags[word] : undefined;
  if (number !== undefined) return number;
  throw new PkgError('no-such-generation', `there is no generation or tag '${word}'`, {
    hint: 'pkg history shows the generations, pkg tag the tags',
  });
}

/** The generation itself, if it is still kept. */
export function keptGeneration(root: string, word: string): Generation {
  const number = nameGeneration(root, word);
  const generation = readableGeneration(layoutOf(root), number);
  if (generation !== null) return generation;
  throw new PkgError('no-such-generation', `generation ${number} does not exist or is no longer kept`, {
    hint: 'pkg history shows the generations, pkg status which are kept',
  });
}
