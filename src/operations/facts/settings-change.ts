import fs from 'node:fs';
import { PkgError } from '../../error.ts';
import type { Generation, Settings } from '../../model/index.ts';
import { type Layout, readSettings, readSettingsSum, sumOfSettings } from '../../store/index.ts';

/** What is wrong with the settings of a generation: they are gone, or not those that were written with it. */
export function settingsChange(
  layout: Layout,
  { number, settings = {} }: Pick<Generation, 'number' | 'settings'>,
): 'missing' | 'changed' | null {
  const sum = readSettingsSum(layout, number);
  if (!fs.existsSync(layout.settings(number)))
    return sum === null && Object.keys(settings).length === 0 ? null : 'missing';
  const found = readableSettings(layout, number);
  if (found === null) return 'changed';
  return sum === null || sumOfSettings(found) === sum ? null : 'changed';
}

/** The settings of a generation, or null where what is there is no JSON. */
export function readableSettings(layout: Layout, number: number): Settings | null {
  try {
    return readSettings(layout, number);
  } catch (error) {
    if (error instanceof PkgError && error.code === 'root-damaged') return null;
    throw error;
  }
}
