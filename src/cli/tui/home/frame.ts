import type { Paint } from '../../views/paint.ts';
import { chooseLines } from '../choose/lines.ts';
import { configLines } from '../config/lines.ts';
import { historyLines } from '../history/lines.ts';
import { cut } from '../list/cut.ts';
import { servicesLines } from '../services/lines.ts';
import { wrapLine } from '../terminal/wrap-line.ts';
import { homeKeys } from './keys.ts';
import { footerLines, footerRows } from './footer.ts';
import { type Home, TABS } from './state.ts';
import { isFollowed, wishTitle } from './wish.ts';

/** The whole screen as lines, as many as the window has rows. */
export function homeFrame(home: Home, ink: Paint): readonly string[] {
  const { columns, rows } = home.size;
  const rule = ink.dim('-'.repeat(columns));
  const lines = [
    title(home, ink),
    rule,
    ...body(home, ink),
    rule,
    cut(homeKeys(home), columns),
    ...footerLines(home, ink),
  ];
  return lines.slice(0, rows);
}

/** How many rows a view has: title, rules, keys and the command line stay. */
export function homeRoom(home: Home): number {
  return Math.max(6, home.size.rows - 4 - footerRows(home));
}

/** All of the page that is open, as wide as the window. */
export function pageLines({ page, size }: Pick<Home, 'page' | 'size'>): readonly string[] {
  return (page?.lines ?? ['one moment ...']).flatMap((line) => wrapLine(line, size.columns));
}

function title(home: Home, ink: Paint): string {
  if (home.page !== null) return cut(`pkg  ${wishTitle(home.page.wish)}`, home.size.columns);
  const tabs = TABS.map((tab, at) => (tab === home.tab ? ink.bold(`[${at + 1} ${tab}]`) : ` ${at + 1} ${tab} `));
  const live = home.live === null ? 'nothing is installed' : `generation ${home.live} is live`;
  const isWide = TABS.join('').length + TABS.length * 4 + live.length + 6 <= home.size.columns;
  return `${ink.bold('pkg')} ${tabs.join('')}${isWide ? `  ${ink.dim(live)}` : ''}`;
}

function body(home: Home, ink: Paint): readonly string[] {
  const room = homeRoom(home);
  const { columns } = home.size;
  if (home.page !== null)
    return filled(pageLines(home), isFollowed(home.page) ? Number.POSITIVE_INFINITY : home.page.scroll, room);
  switch (home.tab) {
    case 'bundles':
      return chooseLines(home.bundles, { room, columns }, ink);
    case 'services':
      return servicesLines(home.services, { room, columns }, ink);
    case 'configuration':
      return configLines(home.configuration, { room, columns }, ink);
    case 'history':
      return historyLines(home.history, { room, columns }, ink);
    default:
      return home.tab satisfies never;
  }
}

function filled(lines: readonly string[], scroll: number, room: number): readonly string[] {
  // What was scrolled to may no longer be there in a window made larger.
  const first = Math.max(0, Math.min(scroll, lines.length - room));
  const shown = lines.slice(first, first + room);
  return [...shown, ...Array<string>(room - shown.length).fill('')];
}
