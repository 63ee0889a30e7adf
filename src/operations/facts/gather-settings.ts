import type { Settings } from '../../model/index.ts';
import { generationNumbers, type Layout } from '../../store/index.ts';
import { readableGeneration } from './read-current.ts';
import { readableSettings, settingsChange } from './settings-change.ts';

/** Generation -> its settings. Where they are lost there is no entry: only what builds on them cannot be done. */
export function gatherSettings(layout: Layout): ReadonlyMap<number, Settings> {
  return new Map(
    generationNumbers(layout).flatMap((number) => {
      const generation = readableGeneration(layout, number);
      const settings = readableSettings(layout, number);
      const isGone = generation !== null && settingsChange(layout, generation) === 'missing';
      return settings === null || isGone ? [] : [[number, settings] as const];
    }),
  );
}
