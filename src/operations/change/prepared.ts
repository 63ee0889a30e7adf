import fs from 'node:fs';
import path from 'node:path';
import type { Plan, Settings } from '../../model/index.ts';
import { type Layout, writeSettings } from '../../store/index.ts';

/** A plan, and apart from it what may contain secrets, which exists only during the change. */
export type Prepared = {
  readonly plan: Plan;
  /** The settings of the new generation. */
  readonly settings: Settings;
  /** Bundle -> configuration file -> the text that the operator wrote from both sides. */
  readonly merged: ReadonlyMap<string, ReadonlyMap<string, Buffer>>;
};

/** Writes it to where the steps of transaction `id` read it. */
export function placeBeside(id: number, { settings, merged }: Prepared, layout: Layout): void {
  fs.mkdirSync(layout.scratches(id), { recursive: true, mode: 0o700 });
  writeSettings(layout.comingSettings(id), settings);
  for (const [name, files] of merged) {
    for (const [file, content] of files) {
      const place = path.join(layout.mergedConfig(id, name), file);
      fs.mkdirSync(path.dirname(place), { recursive: true, mode: 0o700 });
      fs.writeFileSync(place, content, { mode: 0o600 });
    }
  }
}
