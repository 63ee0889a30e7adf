import type { Store } from './store.ts';

/** What of a store is on the terminal. */
export type Paced<S> = {
  readonly state: () => S;
  watch(watcher: () => void): () => void;
  /** Catches up at once: whoever pressed a key waits for what it does, and a terminal that was busy for the rest. */
  catchUp(): void;
  stop(): void;
};

/** At most once in `pause` milliseconds, and not while `isBusy` says that what was drawn is still on its way. */
export type Pace = { readonly pause: number; isBusy(): boolean };

/**
 * A store as it is drawn: a change is seen at once, many of them a few times a second. A change of a thousand bundles
 * tells many thousand events, and must not wait for a picture of each.
 */
export function paced<S, I>(store: Store<S, I>, { pause, isBusy }: Pace): Paced<S> {
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
    if (shown === store.state() || isBusy()) return;
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
