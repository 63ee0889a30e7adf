import fs from 'node:fs';
import path from 'node:path';
import type { RunRecord } from '../../model/index.ts';
import { managerOf } from '../../service/index.ts';
import type { Layout } from '../../store/index.ts';
import { readText } from '../../system/index.ts';

/** A record in `run/`, and whether what it names runs. */
export type FoundRecord = { readonly file: string; readonly record: RunRecord; readonly isRunning: boolean };

/** Every record of a service in `run/`, whatever generation it belongs to; other files there are ignored. */
export async function serviceRecords(layout: Layout): Promise<readonly FoundRecord[]> {
  const found: FoundRecord[] = [];
  for (const name of namesIn(layout.run).filter((one) => one.endsWith('.json'))) {
    const file = path.join(layout.run, name);
    const record = parse(readText(file));
    if (record === null) continue;
    const { state } = await managerOf(record.manager).condition(record);
    found.push({ file, record, isRunning: state === 'running' });
  }
  return found;
}

/** The names in a folder, in order; none where there is no folder. */
export function namesIn(folder: string): readonly string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder).toSorted() : [];
}

/** Only reads: a damaged record is set aside by those who need it. */
function parse(text: string | null): RunRecord | null {
  try {
    const found = JSON.parse(text ?? 'null') as RunRecord | null;
    return typeof found?.launch === 'object' && typeof found.service === 'string' ? found : null;
  } catch {
    return null;
  }
}
