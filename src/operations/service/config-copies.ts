import fs from 'node:fs';
import path from 'node:path';
import { forgetCopies } from '../../config/index.ts';
import type { Layout } from '../../store/index.ts';
import { namesIn, serviceRecords } from './records.ts';

/** Removes copies of loaded configuration that no record names any more. Only while no change is under way. */
export async function forgetConfigCopies(layout: Layout): Promise<void> {
  const names = namesIn(layout.config);
  if (names.length === 0) return;
  const loaded = (await serviceRecords(layout)).map(({ record }) => record.launch);
  for (const name of names) {
    const copies = loaded
      .filter((launch) => launch.name.bundle === name)
      .flatMap(({ loaded: { copy, unprovenCopy } = {} }) => [copy ?? [], unprovenCopy ?? []].flat());
    forgetCopies(layout.configOf(name), copies);
    removeIfEmpty(path.join(layout.config, name));
  }
}

function removeIfEmpty(folder: string): void {
  if (fs.readdirSync(folder).length === 0) fs.rmdirSync(folder);
}
