import { knownWords } from '../look/known-words.ts';
import { list } from '../look/list.ts';
import type { GivenArchive } from './open-given.ts';
import { type Offer, offersOf } from './offers.ts';

/** What can be chosen on a root, read only from names on disk, so that it is quick even if much is kept. */
export function choosable(root: string, given: readonly GivenArchive[]): readonly Offer[] {
  return offersOf(list(root).bundles, knownWords(root).versions, given);
}
