import type { Settings } from '../../model/index.ts';
import { generationNumbers, type Layout, readableSettings, settingsChange } from '../../store/index.ts';
import { readableGeneration } from './read-current.ts';

/** Generation -> its settings. Where they are lost there is no entry: only what builds on them cannot be done. */
export function gatherSettings(layout: Layout): ReadonlyMap<number, Settings> {
  return new Map(
    generationNumbers(layout).flatMap((number) => {
      const generation = readableGeneration(layout, number);
      const settings = readableSettings(layout, number);
      const isLost = generation !== null && settingsChange(layout, generation) !== null;
      return settings === null || isLost ? [] : [[number, settings] as const];
    }),
  );
}
