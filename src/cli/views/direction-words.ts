import type { Direction } from '../../model/index.ts';

/** What happens to a bundle, in a word or two. */
export const DIRECTION_WORDS: Readonly<Record<Direction, string>> = {
  add: 'new',
  up: 'up',
  rebuild: 'rebuilt',
  down: 'down',
  remove: 'removed',
};
