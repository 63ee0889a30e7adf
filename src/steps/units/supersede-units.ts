import { giveBack, lookAtSuperseded, supersede } from '../../service/index.ts';
import type { StepHandler } from '../step-handler.ts';
import { notedSuperseded, noteSuperseded, rememberSuperseded, supersededBy } from './superseded-units.ts';
import { launchesOf } from './units-of.ts';

/** Units of the distribution make room for our services; what they were is remembered before they are touched. */
export const supersedeUnits: StepHandler<'supersede-units'> = {
  repeatable: true,

  async note(step, world) {
    return noteSuperseded(step.services, world);
  },

  async do(step, world) {
    for (const { name, service } of await launchesOf(step.services, world)) {
      const known = supersededBy(name, world);
      const others = (service.supersedes ?? []).filter((unit) => !known.some((one) => one.unit === unit));
      const units = [...known, ...(await lookAtSuperseded(others))];
      rememberSuperseded(name, units, world);
      await supersede(units);
    }
  },

  async undo(step, world, note) {
    for (const [index, { name }] of [...step.services.entries()].toReversed()) {
      const before = notedSuperseded(note, index);
      if (before === null) continue;
      const isNew = ({ unit }: { readonly unit: string }): boolean => !before.some((one) => one.unit === unit);
      await giveBack(supersededBy(name, world).filter(isNew));
      rememberSuperseded(name, before, world);
    }
  },
};
