import { placeUnits, putUnitsBack } from '../../service/index.ts';
import type { StepHandler } from '../step-handler.ts';
import { keepUnits, keptUnits, unitsOf } from './units-of.ts';

/** Units that name exactly the folders of the new generation; undo brings the former texts back. Starts nothing. */
export const writeUnits: StepHandler<'write-units'> = {
  repeatable: true,

  async note(step, world) {
    return keepUnits(step, await unitsOf(step.services, world), world);
  },

  async do(step, world) {
    await placeUnits(await unitsOf(step.services, world));
  },

  async undo(_step, world, note) {
    const before = keptUnits(note, world);
    if (before !== null) await putUnitsBack(before);
  },
};
