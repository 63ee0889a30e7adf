import fs from 'node:fs';
import path from 'node:path';
import { entryOrNull } from '../../../config/index.ts';
import { type ChangedFile, type ChangedNames, namesOf, type RunRecord } from '../../../model/index.ts';
import type { ConfigNews } from '../../../steps/index.ts';
import type { Layout } from '../../../store/index.ts';
import { entryText } from '../../config/entry-text.ts';
import { patchOf } from '../../config/patch.ts';
import { secretsOf } from '../../config/secrets-of.ts';
import { readCurrent } from '../../facts/read-current.ts';

/** Each configuration file that changed since a service read it, with the differences where no lost secret can be in them. */
export async function configDifference(
  { bundle, launch }: RunRecord,
  { change, previousDir }: ConfigNews,
  layout: Layout,
): Promise<readonly ChangedFile[]> {
  const generation = readCurrent(layout);
  const names = namesOf(change.files);
  if (generation === null || names.length === 0) return [];
  const { values: secrets, lostIn } = await secretsOf(bundle, layout, launch);
  const now = path.join(layout.current, 'etc', bundle);
  return Promise.all(
    names.map(async (file) => {
      const kind = kindOf(file, change.files);
      if (lostIn !== null) return { file, change: kind, patch: null };
      const [before, after] = [previousDir, now].map((folder) => textIn(folder, file));
      const title = `etc/${bundle}/${file}`;
      const sides = { before: before ?? null, after: after ?? null, secrets };
      const patch = await patchOf([`${title} (loaded)`, `${title} (now)`], sides);
      return { file, change: kind, patch: patch ?? null };
    }),
  );
}

function kindOf(file: string, { added, removed }: ChangedNames): ChangedFile['change'] {
  if (added.includes(file)) return 'added';
  return removed.includes(file) ? 'removed' : 'changed';
}

/** null if it is not text, was not kept, or is not readable for us. */
function textIn(folder: string | null, name: string): string | null {
  if (folder === null) return null;
  const file = path.join(folder, name);
  const entry = entryOrNull(file);
  if (entry === null && fs.existsSync(file)) return null;
  return entryText(entry ?? undefined);
}
