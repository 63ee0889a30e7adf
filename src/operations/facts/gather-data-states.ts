import fs from 'node:fs';
import type { DataState, Facts } from '../../model/index.ts';
import { dataNames, type Layout } from '../../store/index.ts';
import { mountPoint } from '../../system/index.ts';

/** Whether each folder below data/ holds anything; one that cannot be read counts as holding something. */
export function gatherDataStates(layout: Layout): Facts['dataStates'] {
  return new Map(dataNames(layout).map((name) => [name, stateOf(layout.dataOf(name))]));
}

function stateOf(folder: string): DataState {
  if (!fs.lstatSync(folder).isDirectory()) return 'held';
  if (mountPoint(folder) === fs.realpathSync(folder)) return 'disk';
  try {
    return isEmpty(folder) ? 'empty' : 'held';
  } catch {
    return 'held';
  }
}

/** Reads one entry only: there may be millions. */
function isEmpty(folder: string): boolean {
  const opened = fs.opendirSync(folder);
  try {
    return opened.readSync() === null;
  } finally {
    opened.closeSync();
  }
}
