import { placeBundle as placeInStore, takeBundleAway } from '../store/index.ts';
import type { StepHandler } from './step-handler.ts';
import { wasSwitched } from './switch-current.ts';

/** Staged, verified and flushed before BEGIN: here it only moves into the store. */
export const placeBundle: StepHandler<'place-bundle'> = {
  repeatable: true,
  isGround: true,

  async do(step, { layout }) {
    placeInStore(layout, step.bundle);
  },

  async undo(step, world) {
    // A generation that was live is kept for analysis, and so is what it consists of; the next commit collects both.
    if (!wasSwitched(world)) takeBundleAway(world.layout, step.bundle);
  },
};
