import type { Store } from './store.ts';

/** What of a store is on the terminal. */
export type Paced<S> = {
  readonly state: () => S;
  watch(watcher: () => void): () => void;
  /** Catches up at once: whoever pressed a key waits for what it does. */
  catchUp(): void;
  stop(): void;
};

/**
 * A store as it is drawn: a change is seen at once, many of them a few times a second. A change of a thousand bundles
 * tells many thousand events, and must not wait for a picture of each.
 */
export function paced<S, I>(store: Store<S, I>, pause: number): Paced<S> {
  const watchers = new Set<() => void>();
  let shown = store.state();
  let since = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const unwatch = store.watch(() => {
    const left = pause - (performance.now() - since);
    if (left <= 0) catchUp();
    else timer ??= setTimeout(catchUp, left);
  });

  function catchUp(): void {
    clearTimeout(timer);
    timer = undefined;
    if (shown === store.state()) return;
    shown = store.state();
    since = performance.now();
    for (const watcher of watchers) watcher();
  }

  return {
    state: () => shown,
    watch: (watcher) => {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    catchUp,
    stop: () => {
      clearTimeout(timer);
      unwatch();
    },
  };
}
