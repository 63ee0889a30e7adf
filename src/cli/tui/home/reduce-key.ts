import { offersRoom } from '../choose/lines.ts';
import { outlookWords } from '../choose/outlook-lines.ts';
import { reduceChoose } from '../choose/reduce.ts';
import { reduceConfig } from '../config/reduce.ts';
import { reduceHistory } from '../history/reduce.ts';
import { reduceServices } from '../services/reduce.ts';
import { PLAIN } from '../terminal/plain.ts';
import { wholeCommand } from './footer.ts';
import { homeRoom, pageLines } from './frame.ts';
import { homeHelp } from './keys.ts';
import { type Home, TABS } from './state.ts';
import type { Turn } from './turn.ts';
import type { Wish } from './wish.ts';

/** The whole screen after one key: nothing is done here, a command line is chosen. */
export function reduceHomeKey(home: Home, key: string): Home {
  if (key === 'interrupt') return { ...home, words: [] };
  if (home.page !== null) return pageKey(home, key);
  const turned = viewKey(home, key);
  if (turned !== null) return turned;
  const tab = TABS[Number(key) - 1];
  if (tab !== undefined) return { ...home, tab };
  switch (key) {
    case 'tab':
      return { ...home, tab: TABS[(TABS.indexOf(home.tab) + 1) % TABS.length] ?? home.tab };
    case '?':
      return reading(home, 'keys', homeHelp(home));
    case '$':
      return reading(home, 'the command line', wholeCommand(home, PLAIN));
    case 'w':
      return home.tab === 'bundles' ? reading(home, 'what would come of it', outlookWords(home.bundles, PLAIN)) : home;
    case 'escape':
    case 'q':
      return { ...home, words: [] };
    default:
      return home;
  }
}

/** What is known already, on a page of its own. */
function reading(home: Home, title: string, lines: readonly string[]): Home {
  return { ...home, page: { wish: { kind: 'text', title, lines }, lines, scroll: 0 } };
}

/** What the view that is shown makes of it; null = nothing. */
function viewKey(home: Home, key: string): Home | null {
  const room = homeRoom(home);
  switch (home.tab) {
    case 'bundles':
      return after(home, 'bundles', reduceChoose(home.bundles, key, offersRoom(room)));
    case 'services':
      return after(home, 'services', reduceServices(home.services, key, room - 1));
    case 'configuration':
      return after(home, 'configuration', reduceConfig(home.configuration, key, room));
    case 'history':
      return after(home, 'history', reduceHistory(home.history, key, room));
    default:
      return home.tab satisfies never;
  }
}

function after<K extends Home['tab']>(home: Home, view: K, turn: Turn<Home[K]> | null): Home | null {
  if (turn === null) return null;
  const page = turn.wish === undefined ? null : { wish: turn.wish, lines: null, scroll: 0 };
  return { ...home, [view]: turn.to, page, words: turn.words ?? null };
}

function pageKey(home: Home, key: string): Home {
  if (home.page === null || ['escape', 'q', 'enter'].includes(key)) return { ...home, page: null };
  const { page } = home;
  if (key === 'f' && page.wish.kind === 'service-log') return followed(home, page.wish, page.scroll);
  const room = homeRoom(home);
  const far = Math.max(0, pageLines(home).length - room);
  const step = Math.max(1, room - 1);
  const by = { up: -1, down: 1, 'page-up': -step, 'page-down': step, ' ': step, home: -far, end: far }[key];
  if (by === undefined) return home;
  if (page.wish.kind === 'service-log' && page.wish.isFollowed) {
    // Whoever goes back wants to read: nothing moves below the eyes.
    return by < 0 ? followed(home, page.wish, Math.max(0, far + by)) : home;
  }
  return { ...home, page: { ...page, scroll: Math.min(far, Math.max(0, page.scroll + by)) } };
}

/** The log followed from now on, or as it is now. */
function followed(home: Home, wish: Extract<Wish, { kind: 'service-log' }>, scroll: number): Home {
  const lines = home.page?.lines ?? null;
  return { ...home, page: { wish: { ...wish, isFollowed: !wish.isFollowed }, lines, scroll } };
}
