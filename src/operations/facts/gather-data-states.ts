import fs from 'node:fs';
import path from 'node:path';
import type { DataState, Facts } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { mountPoint } from '../../system/index.ts';

/** What lies below data/, name by name; what cannot be looked into counts as held. */
export function gatherDataStates({ data }: Layout): Facts['dataStates'] {
  if (!fs.existsSync(data)) return new Map();
  // Copies that are made beside the data begin with a dot, which no bundle does.
  const entries = fs.readdirSync(data, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  return new Map(entries.map((entry) => [entry.name, stateOf(path.join(data, entry.name), entry)]));
}

function stateOf(folder: string, entry: fs.Dirent): DataState {
  if (!entry.isDirectory()) return 'held';
  if (mountPoint(folder) === fs.realpathSync(folder)) return 'disk';
  try {
    return fs.readdirSync(folder).length === 0 ? 'empty' : 'held';
  } catch {
    return 'held';
  }
}
