import fs from 'node:fs';
import path from 'node:path';
import type { RunRecord } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { readText } from '../../system/index.ts';

/** What lies in `run/` about services, as far as it can be read; marks as well as records name their bundle. */
export function recordsInRun({ run }: Layout): readonly (Partial<RunRecord> & { readonly file: string })[] {
  return fs
    .readdirSync(run)
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.join(run, name))
    .map((file) => ({ ...parse(readText(file)), file }));
}

function parse(text: string | null): Partial<RunRecord> {
  try {
    return (JSON.parse(text ?? '{}') as Partial<RunRecord> | null) ?? {};
  } catch {
    return {};
  }
}
