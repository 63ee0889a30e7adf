/** The one state of a screen; whoever watches hears of every change, with the state before it. */
export type Store<S, I> = {
  readonly state: () => S;
  send(input: I): void;
  /** Answers how to stop watching. */
  watch(watcher: (before: S) => void): () => void;
};

/** A store that begins with `state`, and is changed by `reduce` alone. */
export function makeStore<S, I>(state: S, reduce: (state: S, input: I) => S): Store<S, I> {
  const watchers = new Set<(before: S) => void>();
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
