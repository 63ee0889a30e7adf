import { quoted } from '../../../model/index.ts';
import type { Paint } from '../../views/paint.ts';
import { commandLines } from '../plan/command-lines.ts';
import { PLAIN } from '../terminal/plain.ts';
import { commandHere } from './command-here.ts';
import type { Home } from './state.ts';

/** What is before one as a command line, in at least one row and never in many. */
export function footerLines(home: Home, ink: Paint): readonly string[] {
  const lines = wholeCommand(home, ink);
  const most = home.size.rows < 20 ? 2 : 4;
  if (lines.length === 0) return [''];
  return lines.length > most ? [...lines.slice(0, most - 1), ink.dim('  ... $ shows all of it')] : lines;
}

/** How many rows that takes. */
export function footerRows(home: Home): number {
  return footerLines(home, PLAIN).length;
}

/** All of it, to be pasted; none where nothing is before one. */
export function wholeCommand(home: Home, ink: Paint): readonly string[] {
  const words = commandHere(home);
  if (words === null) return [];
  return commandLines(['pkg', ...home.options, ...words].map(quoted).join(' '), home.size.columns, ink);
}
