import type { Paint } from '../../views/paint.ts';
import type { Room } from '../home/room.ts';
import { cut } from '../list/cut.ts';
import { listRows } from '../list/list.ts';
import { canBeSettled, shownConfig } from './reduce.ts';
import type { Config } from './state.ts';

/** The files that somebody should know of, in exactly `room` rows. */
export function configLines(config: Config, { room, columns }: Room, ink: Paint): readonly string[] {
  const shown = shownConfig(config);
  const rows = listRows(config.list, shown, room, (one, isHere) => {
    const text = cut(`${isHere ? '>' : ' '} ${one.state.padEnd(10)}  etc/${one.bundle}/${one.file}`, columns);
    if (canBeSettled(one)) return ink.yellow(text);
    return isHere ? ink.bold(text) : text;
  });
  return shown.length === 0 ? rows.with(0, emptyWords(config)) : rows;
}

function emptyWords({ files, list, isAll }: Config): string {
  if (files === null) return 'one moment: comparing the files with what was shipped';
  if (list.filter !== '') return `no file has '${list.filter}' in its name; Esc shows all`;
  return isAll ? 'no bundle has configuration' : 'all files are as they were shipped; a shows it';
}
