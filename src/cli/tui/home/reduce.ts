import { homeRoom, pageLines } from './frame.ts';
import { reduceHomeKey } from './reduce-key.ts';
import { keptLines } from '../services/read-log.ts';
import type { Home, HomeInput } from './state.ts';

/** The whole screen after something happened: the only place where its state changes. */
export function reduceHome(home: Home, input: HomeInput): Home {
  switch (input.kind) {
    case 'key':
      return reduceHomeKey(home, input.key);
    case 'size':
      return { ...home, size: input.size };
    case 'tick':
      return home;
    case 'lost':
      return { ...home, words: [] };
    case 'offers':
      return { ...home, bundles: { ...home.bundles, offers: input.offers, problems: input.problems } };
    case 'remark':
      return { ...home, bundles: { ...home.bundles, remark: input.remark } };
    case 'concerns':
      return { ...home, bundles: { ...home.bundles, concerns: input.concerns } };
    case 'picked':
      return { ...home, bundles: { ...home.bundles, picks: input.picks, outlook: null } };
    case 'outlook':
      return isStill(home, input) ? { ...home, bundles: { ...home.bundles, outlook: input.outlook } } : home;
    case 'services':
      return { ...home, services: { ...home.services, all: input.all } };
    case 'configuration':
      return { ...home, configuration: { ...home.configuration, files: input.files } };
    case 'history':
      return { ...home, history: { ...home.history, ...input.read } };
    case 'page':
      return home.page?.wish === input.wish ? reduceRead(home, input) : home;
    case 'more':
      return home.page?.wish === input.wish ? reduceMore(home, input) : home;
    default:
      return input satisfies never;
  }
}

/** A log is read from its end, everything else from its beginning. */
function reduceRead(home: Home, { wish, lines }: Extract<HomeInput, { kind: 'page' }>): Home {
  const read = { ...home, page: { wish, lines, scroll: 0 } };
  if (wish.kind !== 'service-log') return read;
  return { ...read, page: { ...read.page, scroll: Math.max(0, pageLines(read).length - homeRoom(read)) } };
}

function reduceMore(home: Home, { wish, lines }: Extract<HomeInput, { kind: 'more' }>): Home {
  const held = home.page?.lines ?? [];
  return { ...home, page: { wish, lines: keptLines(held, lines), scroll: home.page?.scroll ?? 0 } };
}

/** An answer to a choice that is another one by now is no answer. */
function isStill({ bundles }: Home, { of }: Extract<HomeInput, { kind: 'outlook' }>): boolean {
  return bundles.picks === of.picks && bundles.consents === of.consents;
}
