import { reduce } from './reduce.ts';
import type { Input, State } from './state.ts';

/** The one state of the screen; whoever watches hears of every change, with the state before it. */
export type Store = {
  readonly state: () => State;
  send(input: Input): void;
  /** Answers how to stop watching. */
  watch(watcher: (before: State) => void): () => void;
};

/** A store that begins with `state`. */
export function makeStore(state: State): Store {
  const watchers = new Set<(before: State) => void>();
  let now = state;
  return {
    state: () => now,
    send: (input) => {
      const before = now;
      now = reduce(before, input);
      if (now !== before) for (const watcher of watchers) watcher(before);
    },
    watch: (watcher) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
  };
}
