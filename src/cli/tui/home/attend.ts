import type { GivenArchive } from '../../../operations/choose/open-given.ts';
import type { Context } from '../../command.ts';
import { makeThink, type Think } from '../choose/think.ts';
import type { Picked } from '../choose/state.ts';
import { followLog } from '../services/follow-log.ts';
import type { Store } from '../terminal/store.ts';
import type { Opening } from './open.ts';
import { readConcerns, readView } from './read-views.ts';
import { readWish } from './read-wish.ts';
import type { Home, HomeInput, Page } from './state.ts';
import type { Wish } from './wish.ts';

/** How often it is asked how the services stand while somebody looks at them, in milliseconds. */
const LOOK_AGAIN = 2_000;

/** So that a key held down is not followed by a decision at every step, in milliseconds. */
const PAUSE = 40;

type Around = { readonly context: Context; onFailure(error: unknown): void };

/** Fetches what the screen wants to show, whenever it wants something else. */
export function attend(store: Store<Home, HomeInput>, opening: Opening, around: Around): { stop(): void } {
  const { context } = around;
  let given: readonly GivenArchive[] = [];
  let think: Promise<Think> | null = null;
  let pause: NodeJS.Timeout | undefined;
  let isReading = false;
  let following = new AbortController();
  const unwatch = store.watch((before) => {
    const now = store.state();
    if (now.tab !== before.tab) work(read);
    if (now.page?.wish !== before.page?.wish) openPage(now.page);
    if (now.bundles.picks !== before.bundles.picks || now.bundles.consents !== before.bundles.consents) thinkSoon();
  });
  const again = setInterval(() => {
    if (store.state().tab === 'services' && !isReading) work(read);
  }, LOOK_AGAIN);
  work(async () => {
    await read();
    await readGiven();
  });

  return {
    stop: () => {
      clearTimeout(pause);
      clearInterval(again);
      following.abort();
      unwatch();
    },
  };

  function work(doing: () => Promise<void>): void {
    doing().catch((error: unknown) => around.onFailure(error));
  }

  async function read(): Promise<void> {
    isReading = true;
    store.send(await readView(store.state().tab, given, context));
    isReading = false;
  }

  /** The archives are opened when the screen stands: there may be many of them. */
  async function readGiven(): Promise<void> {
    const words = [...new Set([...opening.named, ...opening.found])];
    if (words.length > 0) {
      const { openGiven } = await import('../../../operations/choose/open-given.ts');
      const { archives, problems } = await openGiven(words, process.cwd());
      given = archives;
      const offers = await readView('bundles', given, context);
      store.send(offers.kind === 'offers' ? { ...offers, problems } : offers);
      // Who named it waits for it; what only lies about may be what it likes.
      const missed = problems.filter((problem) => opening.named.some((word) => problem.startsWith(`${word}: `)));
      if (missed.length > 0) store.send({ kind: 'remark', remark: `not offered: ${missed.join('; ')}` });
    }
    think = makeThink(given, context);
    const picks = firstPicks(store.state(), opening);
    if (picks.size > 0) store.send({ kind: 'picked', picks });
    await think;
    store.send(await readConcerns(context));
  }

  function thinkSoon(): void {
    clearTimeout(pause);
    if (store.state().bundles.picks.size > 0) pause = setTimeout(() => work(thinkNow), PAUSE);
  }

  async function thinkNow(): Promise<void> {
    const { bundles } = store.state();
    if (think === null) return;
    store.send({ kind: 'outlook', of: bundles, outlook: await (await think)(bundles) });
  }

  function openPage(page: Page | null): void {
    following.abort();
    if (page === null) return;
    const { wish } = page;
    if (wish.kind === 'service-log' && wish.isFollowed) work(() => follow(wish));
    // What is no longer followed stays as it is.
    else if (page.lines === null)
      work(async () => store.send({ kind: 'page', wish, lines: await readWish(wish, context) }));
  }

  async function follow(wish: Extract<Wish, { kind: 'service-log' }>): Promise<void> {
    following = new AbortController();
    await followLog(wish.service, context, {
      abort: following.signal,
      begin: (lines) => store.send({ kind: 'page', wish, lines }),
      more: (lines) => store.send({ kind: 'more', wish, lines }),
    });
  }
}

/** What was named is what is wanted, and what was chosen before, as far as it can still be had. */
function firstPicks({ bundles }: Home, { named, picks: before }: Opening): ReadonlyMap<string, Picked> {
  const picks = new Map(bundles.picks);
  for (const { name, versions } of bundles.offers ?? []) {
    const pick = before.get(name);
    if (pick?.kind === 'remove') picks.set(name, pick);
    const to = versions.find(({ file, version, place }) => {
      if (file !== null && named.includes(file)) return true;
      return pick?.kind === 'version' && pick.to.version === version && pick.to.place === place;
    });
    if (to !== undefined) picks.set(name, { kind: 'version', to });
  }
  return picks;
}
