import fs from 'node:fs';
import { PkgError } from '../error.ts';
import type { BundleSettings, Generation, Settings } from '../model/index.ts';
import { readGeneration } from './generations.ts';
import type { Layout } from './layout.ts';
import { readSettings, readSettingsSum, sumOfSettings } from './settings.ts';

/** The answers of a bundle as a member of a generation; `root-damaged` where they are lost, as no default may take their place. */
export function readAnswers(layout: Layout, number: number, name: string): BundleSettings {
  if (!areAnswersLost(layout, number, name)) return readSettings(layout, number)[name] ?? {};
  throw new PkgError('root-damaged', `the settings of ${name} in generation ${number} are lost`, {
    hint: `pkg verify --all --repair; where no other generation has them, give all of them anew: pkg settings set ${name} KEY=VALUE`,
  });
}

/** Whether a bundle had answers in a generation, and they are not known any more. */
export function areAnswersLost(layout: Layout, number: number, name: string): boolean {
  const generation = readGeneration(layout, number);
  return generation?.settings?.[name] !== undefined && settingsChange(layout, generation) !== null;
}

/** What is wrong with the settings of a generation: they are gone, or not those that were written with it. */
export function settingsChange(
  layout: Layout,
  { number, settings = {} }: Pick<Generation, 'number' | 'settings'>,
): 'missing' | 'changed' | null {
  const names = Object.keys(settings);
  const sum = readSettingsSum(layout, number);
  if (!fs.existsSync(layout.settings(number))) return sum === null && names.length === 0 ? null : 'missing';
  const found = readableSettings(layout, number);
  if (found === null) return 'changed';
  const isWhole = sum === null ? names.every((name) => found[name] !== undefined) : sumOfSettings(found) === sum;
  return isWhole ? null : 'changed';
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
