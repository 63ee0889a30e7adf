import { keyRows, type KeyRow } from '../list/key-rows.ts';
import { filterWords, type List } from '../list/list.ts';
import { PLAIN } from '../terminal/plain.ts';
import type { Home, Page, Tab } from './state.ts';
import { isFollowed } from './wish.ts';

const VIEW_KEYS: Readonly<Record<Tab, readonly KeyRow[]>> = {
  bundles: [
    ['Space', 'choose the highest version, or nothing of it any more'],
    ['<, >, left, right', 'a lower version, a higher version'],
    ['x', 'take the bundle out'],
    ['u', 'choose everything newer than what is installed'],
    ['a, f, c', 'the answer that the lines below ask for'],
    ['i, w', 'what is known about the bundle; all of what stands below'],
    ['Enter', 'to the plan, which asks before anything is changed'],
  ],
  services: [
    ['Enter, f', 'the last lines of its log; f goes on with what comes'],
    ['s, l', 'start, reload'],
    ['r, t', 'restart, stop: asked about before'],
    ['e, d', 'comes up after a boot, stays down'],
  ],
  configuration: [
    ['Enter', 'what differs'],
    ['m', 'merge what waits with yours'],
    ['k, n', 'keep yours, take the new one'],
    ['a', 'also files that are as they were shipped'],
  ],
  history: [
    ['Enter', 'what is known about the transaction'],
    ['r', 'go back to the generation it made, by way of the plan'],
    ['d', 'what differs from the live generation, or from the marked one'],
    ['Space', 'mark a generation to compare others with'],
  ],
};

const FOOTERS: Readonly<Record<Tab, string>> = {
  bundles: '? keys  q leave  Space choose  Enter plan  < > version  x out  / find',
  services: '? keys  q leave  Enter log  f follow  s start  t stop  r restart  l reload',
  configuration: '? keys  q leave  Enter diff  m merge  k keep  n new  a all',
  history: '? keys  q leave  Enter details  r go back  d diff  Space mark',
};

const EVERYWHERE: readonly KeyRow[] = [
  ['1 to 4, Tab', 'bundles, services, configuration, history'],
  ['up, down', 'move; page up, page down, home and end go further'],
  ['/', 'find by name; Esc shows all again'],
  ['$', 'all of the command line below'],
  ['Esc', 'one step back'],
  ['q, Ctrl-C', 'leave; nothing is changed'],
];

/** The keys that do something now, in one line. */
export function homeKeys(home: Home): string {
  if (home.page !== null) return pageKeys(home.page);
  const list = listOf(home);
  if (list.isFiltering) return `${filterWords(list)}   Enter  go on with these   Esc  all`;
  return fitting(`${list.filter === '' ? '' : `${filterWords(list)}  `}${FOOTERS[home.tab]}`, home.size.columns);
}

function pageKeys(page: Page): string {
  if (page.wish.kind !== 'service-log') return 'up, down  scroll   Esc  back';
  return isFollowed(page) ? 'f, up  stop following   Esc  back' : 'f  follow   up, down  scroll   Esc  back';
}

/** Every key of the view, and those of all of them. */
export function homeHelp({ tab }: Home): readonly string[] {
  return keyRows([...VIEW_KEYS[tab], ...EVERYWHERE], PLAIN);
}

/** As many keys as there is room for; the first of them lists the rest. */
function fitting(keys: string, columns: number): string {
  if (keys.length <= columns) return keys;
  return keys.slice(0, Math.max(0, keys.lastIndexOf('  ', columns)));
}

function listOf(home: Home): List {
  return home[home.tab].list;
}
