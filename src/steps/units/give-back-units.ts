import { giveBack, supersede } from '../../service/index.ts';
import type { StepHandler } from '../step-handler.ts';
import { notedSuperseded, noteSuperseded, rememberSuperseded, supersededBy } from './superseded-units.ts';

/** Units of the distribution come back, as they were before our services took their place. */
export const giveBackUnits: StepHandler<'give-back-units'> = {
  repeatable: true,

  async note(step, world) {
    return noteSuperseded(step.services, world);
  },

  async do(step, world) {
    for (const { name } of step.services) {
      await giveBack(supersededBy(name, world));
      rememberSuperseded(name, [], world);
    }
  },

  async undo(step, world, note) {
    for (const [index, { name }] of [...step.services.entries()].toReversed()) {
      const before = notedSuperseded(note, index) ?? [];
      if (before.length === 0) continue;
      rememberSuperseded(name, before, world);
      await supersede(before);
    }
  },
};
