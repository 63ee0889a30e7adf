import type { Told } from '../../../operations/look/history.ts';
import { historyLine } from '../../views/history-text.ts';
import type { Paint } from '../../views/paint.ts';
import { type Browse, goalOf } from './browse-state.ts';
import { wrapLine } from '../terminal/wrap-line.ts';

/** The history as a screen; `details` says what is known about one transaction. */
export function browseFrame(state: Browse, ink: Paint, details: (told: Told) => readonly string[]): readonly string[] {
  const { columns, rows } = state.size;
  const rule = ink.dim('-'.repeat(columns));
  const room = Math.max(1, rows - 5);
  const lines = state.isOpen ? opened(state, room, details) : list(state, room, ink);
  const shown = [...lines, ...Array<string>(Math.max(0, room - lines.length)).fill('')];
  const live = state.live === null ? 'nothing is installed' : `generation ${state.live} is live`;
  return [`${ink.bold('pkg')}  history: ${live}`, rule, ...shown, rule, keys(state), command(state, ink)];
}

/** As many as fit, so that the chosen one is among them. */
function list({ told, chosen, size }: Browse, room: number, ink: Paint): readonly string[] {
  if (told.length === 0) return ['Nothing was ever installed here: pkg install FILE…'];
  const first = Math.max(0, Math.min(chosen - Math.floor(room / 2), told.length - room));
  return told.slice(first, first + room).map((one, at) => {
    const line = `${first + at === chosen ? '>' : ' '} ${historyLine(one)}`;
    const cut = line.length > size.columns ? `${line.slice(0, size.columns - 1)}~` : line;
    return first + at === chosen ? ink.bold(cut) : cut;
  });
}

function opened(state: Browse, room: number, details: (told: Told) => readonly string[]): readonly string[] {
  const one = state.told[state.chosen];
  const lines = one === undefined ? [] : details(one).flatMap((line) => wrapLine(line, state.size.columns));
  const first = Math.min(state.scroll, Math.max(0, lines.length - room));
  return lines.slice(first, first + room);
}

function keys(state: Browse): string {
  const back = goalOf(state) === null ? '' : '   r  go back   d  diff';
  return state.isOpen ? `Esc  the list${back}   q  leave` : `Enter  details${back}   ?  help   q  leave`;
}

/** The same as a command line. */
function command(state: Browse, ink: Paint): string {
  const goal = goalOf(state);
  const one = state.told[state.chosen];
  if (goal !== null) return `${ink.dim('$')} pkg rollback ${goal}`;
  return one === undefined ? '' : `${ink.dim('$')} pkg history ${one.id}`;
}
