import { quoted } from '../../../model/index.ts';
import type { Paint } from '../../views/paint.ts';
import { chooseLines } from '../choose/lines.ts';
import { configLines } from '../config/lines.ts';
import { historyLines } from '../history/lines.ts';
import { cut } from '../list/cut.ts';
import { servicesLines } from '../services/lines.ts';
import { wrapLine } from '../terminal/wrap-line.ts';
import { homeHelp, homeKeys } from './keys.ts';
import { commandHere } from './command-here.ts';
import { type Home, TABS } from './state.ts';
import { wishTitle } from './wish.ts';

/** The whole screen as lines, as many as the window has rows. */
export function homeFrame(home: Home, ink: Paint): readonly string[] {
  const { columns, rows } = home.size;
  const rule = ink.dim('-'.repeat(columns));
  const lines = [title(home, ink), rule, ...body(home, ink), rule, cut(homeKeys(home), columns), footer(home, ink)];
  return lines.slice(0, rows);
}

/** How many rows a view has: title, rules, keys and the command line stay. */
export function homeRoom({ size }: Pick<Home, 'size'>): number {
  return Math.max(6, size.rows - 5);
}

/** All of the page that is open, as wide as the window. */
export function pageLines({ page, size }: Pick<Home, 'page' | 'size'>): readonly string[] {
  return (page?.lines ?? ['one moment ...']).flatMap((line) => wrapLine(line, size.columns));
}

function title(home: Home, ink: Paint): string {
  if (home.isHelpOpen) return `${ink.bold('pkg')}  keys`;
  if (home.page !== null) return cut(`pkg  ${wishTitle(home.page.wish)}`, home.size.columns);
  const tabs = TABS.map((tab, at) => (tab === home.tab ? ink.bold(`[${at + 1} ${tab}]`) : ` ${at + 1} ${tab} `));
  const live = home.live === null ? 'nothing is installed' : `generation ${home.live} is live`;
  const isWide = TABS.join('').length + TABS.length * 4 + live.length + 6 <= home.size.columns;
  return `${ink.bold('pkg')} ${tabs.join('')}${isWide ? `  ${ink.dim(live)}` : ''}`;
}

function body(home: Home, ink: Paint): readonly string[] {
  const room = homeRoom(home);
  const { columns } = home.size;
  if (home.isHelpOpen) return filled(homeHelp(home, ink), 0, room);
  if (home.page !== null) return filled(pageLines(home), home.page.scroll, room);
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

/** The same as a command line. */
function footer(home: Home, ink: Paint): string {
  const words = commandHere(home);
  if (words === null) return '';
  const line = ['pkg', ...home.options, ...words].map(quoted).join(' ');
  return `${ink.dim('$')} ${cut(line, home.size.columns - 2)}`;
}
