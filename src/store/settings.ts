import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { PkgError } from '../error.ts';
import type { Settings } from '../model/index.ts';
import { readText, writeDurably } from '../system/index.ts';
import type { Layout } from './layout.ts';

/** The settings of a generation; none where it is not there. */
export function readSettings(layout: Layout, number: number): Settings {
  return readSettingsFile(layout.settings(number));
}

/** The settings that the transaction `id` brings, while it runs. */
export function readComingSettings(layout: Layout, id: number): Settings {
  return readSettingsFile(layout.comingSettings(id));
}

/** By what the settings of a generation are known to be those that were written, or null where no sum stands there. */
export function readSettingsSum(layout: Layout, number: number): string | null {
  const text = readText(layout.settingsSum(number))?.trim() ?? '';
  return /^[0-9a-f]{64}$/.test(text) ? text : null;
}

/** The sum of settings, in whatever order they stand in their file. */
export function sumOfSettings(settings: Settings): string {
  const ordered = Object.entries(settings).map(([name, values]) => [name, Object.entries(values).toSorted(byName)]);
  const text = JSON.stringify(ordered.toSorted(byName));
  return createHash('sha256').update(text).digest('hex');
}

/** Only the owner may read it: few guesses would find a short secret by its sum. */
export function writeSettingsSum(file: string, settings: Settings): void {
  writeDurably(file, `${sumOfSettings(settings)}\n`, 0o600);
}

function byName(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
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
      hint: 'pkg rollback to a generation that is whole, or fix the file',
      cause: error,
    });
  }
}
