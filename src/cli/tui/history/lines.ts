import type { Told } from '../../../operations/look/history.ts';
import { historyLine } from '../../views/history-text.ts';
import type { Paint } from '../../views/paint.ts';
import type { Room } from '../home/room.ts';
import { cut } from '../list/cut.ts';
import { listRows } from '../list/list.ts';
import { keptBy, shownHistory } from './reduce.ts';
import type { History } from './state.ts';

/** The transactions, the newest first, in exactly `room` rows. */
export function historyLines(history: History, { room, columns }: Room, ink: Paint): readonly string[] {
  const shown = shownHistory(history);
  const rows = listRows(history.list, shown, room, (told, isHere) => {
    const text = cut(`${isHere ? '>' : ' '}${markOf(told, history)} ${historyLine(told)}`, columns);
    if (told.outcome === 'needs-recovery') return ink.red(text);
    if (told.outcome === 'undone') return ink.dim(text);
    return isHere ? ink.bold(text) : text;
  });
  return shown.length === 0 ? rows.with(0, emptyWords(history)) : rows;
}

/** `=` is live, `#` is marked to be compared, `.` is no longer kept. */
function markOf(told: Told, history: History): string {
  const made = keptBy(told, history);
  if (made === null) return told.outcome === 'committed' ? '.' : ' ';
  if (made === history.marked) return '#';
  return made === history.live ? '=' : ' ';
}

function emptyWords({ told, list }: History): string {
  if (told === null) return 'one moment: reading the history';
  return list.filter === '' ? 'Nothing was ever installed here' : `nothing has '${list.filter}' in it; Esc shows all`;
}
