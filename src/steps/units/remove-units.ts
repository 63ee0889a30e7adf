import type { ServiceAt } from '../../model/index.ts';
import { areOthersLeft, putUnitsBack, takeUnits, type Unit } from '../../service/index.ts';
import type { StepHandler } from '../step-handler.ts';
import type { World } from '../world.ts';
import { keepUnits, keptUnits, unitsOf } from './units-of.ts';

/** Units of services that leave; with the last one of a root goes the one that recovers it after a boot. */
export const removeUnits: StepHandler<'remove-units'> = {
  repeatable: true,

  async note(step, world) {
    return keepUnits(step, await leavingUnits(step.services, world), world);
  },

  async do(step, world) {
    await takeUnits(await leavingUnits(step.services, world));
  },

  async undo(_step, world, note) {
    const before = keptUnits(note, world);
    if (before !== null) await putUnitsBack(before);
  },
};

async function leavingUnits(services: readonly ServiceAt[], world: World): Promise<readonly Unit[]> {
  const units = await unitsOf(services, world);
  if (units[0]?.manager !== 'systemd') return units;
  const [recover, ...own] = units;
  return areOthersLeft(units, recover.root) ? own : units;
}
