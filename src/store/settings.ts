import fs from 'node:fs';
import { PkgError } from '../error.ts';
import type { Settings } from '../model/index.ts';
import { writeDurably } from '../system/index.ts';
import type { Layout } from './layout.ts';

/** The settings of a generation; none where it is not there. */
export function readSettings(layout: Layout, number: number): Settings {
  return readSettingsFile(layout.settings(number));
}

/** The settings that the transaction `id` brings, while it runs. */
export function readComingSettings(layout: Layout, id: number): Settings {
  return readSettingsFile(layout.comingSettings(id));
}

/** Writes settings where only the owner of the root may read them: some are secret. */
export function writeSettings(file: string, settings: Settings): void {
  writeDurably(file, `${JSON.stringify(settings, null, 2)}\n`, 0o600);
}

function readSettingsFile(file: string): Settings {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return {};
    throw new PkgError('system-failed', `cannot read ${file}: ${(error as Error).message}`, {
      hint: 'ask as the owner of the root',
      cause: error,
    });
  }
  try {
    return JSON.parse(text) as Settings;
  } catch (error) {
    throw new PkgError('root-damaged', `${file} is not readable as JSON`, {
      hint: 'pkg rollback to a generation that is whole, or mend the file',
      cause: error,
    });
  }
}
