import fs from 'node:fs';
import path from 'node:path';
import type { BundleSettings, Generation, Settings } from '../../model/index.ts';
import {
  generationNumbers,
  type Layout,
  readableSettings,
  readSettings,
  readSettingsSum,
  settingsChange,
  sumOfSettings,
  writeSettings,
  writeSettingsSum,
} from '../../store/index.ts';
import { readableGeneration } from '../facts/read-current.ts';
import type { Found } from './find-damage.ts';
import type { Unrepaired } from './repair-bundle.ts';

/** The settings of a generation, where they are not those that were written with it, and their sum where it is none. */
export function damagedSettings(layout: Layout, generation: Generation): readonly Found[] {
  const { number } = generation;
  const change = settingsChange(layout, generation);
  const isNoSum = fs.existsSync(layout.settingsSum(number)) && readSettingsSum(layout, number) === null;
  return [
    ...(change === null ? [] : [found(layout.settings(number), change, layout)]),
    ...(isNoSum ? [found(layout.settingsSum(number), 'changed', layout)] : []),
  ];
}

/** Restores them from generations that have the same; what none has is named as lost. */
export function repairSettings(layout: Layout, generation: Generation): readonly Unrepaired[] {
  const { number, settings = {} } = generation;
  if (settingsChange(layout, generation) === null) {
    if (readSettingsSum(layout, number) === null)
      writeSettingsSum(layout.settingsSum(number), readSettings(layout, number));
    return [];
  }
  const answers = Object.entries(settings).map(([name, madeFor]) => [
    name,
    sameAnswers(name, madeFor, { layout, number }),
  ]);
  const whole = Object.fromEntries(answers.filter(([, values]) => values !== null)) as Settings;
  const sum = readSettingsSum(layout, number);
  const isWhole = sum === null ? answers.every(([, values]) => values !== null) : sumOfSettings(whole) === sum;
  if (isWhole) {
    writeSettings(layout.settings(number), whole);
    if (sum === null) writeSettingsSum(layout.settingsSum(number), whole);
    return [];
  }
  return [
    {
      message: `the settings of generation ${number} are lost: no other generation has the same`,
      hint: 'pkg rollback to a generation that is whole; those of the live one can be given anew: pkg settings set NAME KEY=VALUE',
    },
  ];
}

function found(file: string, change: 'missing' | 'changed', { root }: Layout): Found {
  return { bundle: null, path: path.relative(root, file), change };
}

/** The answers of a bundle in another generation for which they were the same. */
function sameAnswers(
  name: string,
  madeFor: string,
  { layout, number }: { readonly layout: Layout; readonly number: number },
): BundleSettings | null {
  const others = generationNumbers(layout).flatMap((one) => readableGeneration(layout, one) ?? []);
  return (
    others
      .filter((one) => one.number !== number && one.settings?.[name] === madeFor)
      .filter((one) => settingsChange(layout, one) === null)
      .map((one) => readableSettings(layout, one.number)?.[name])
      .find((values) => values !== undefined) ?? null
  );
}
