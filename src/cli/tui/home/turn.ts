import type { Wish } from './wish.ts';

/** What a key does to a view: how it is then, and perhaps something to read, or a command to run. */
export type Turn<V> = {
  readonly to: V;
  readonly wish?: Wish;
  /** A command line without `pkg`. */
  readonly words?: readonly string[];
};
