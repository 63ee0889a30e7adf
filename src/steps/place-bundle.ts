import type { BundleId } from '../model/index.ts';
import {
  generationNumbers,
  type Layout,
  placeBundle as placeInStore,
  readGeneration,
  takeBundleAway,
} from '../store/index.ts';
import type { StepHandler } from './step-handler.ts';
import { wasLastLive } from './switch-current.ts';
import type { World } from './world.ts';

/** Staged, verified and flushed before BEGIN: here it only moves into the store. */
export const placeBundle: StepHandler<'place-bundle'> = {
  repeatable: true,
  isGround: true,

  async do(step, { layout }) {
    placeInStore(layout, step.bundle);
  },

  async undo(step, world) {
    // A generation that was live is kept for analysis, and so is what it consists of; the next commit collects both.
    if (!isKept(step.bundle, world)) takeBundleAway(world.layout, step.bundle);
  },
};

function isKept({ digest }: BundleId, world: World): boolean {
  const { layout } = world;
  return generationNumbers(layout)
    .filter((number) => wasLastLive(number, world))
    .some((number) => holds(number, digest, layout));
}

/** One whose record cannot be read may hold it. */
function holds(number: number, digest: string, layout: Layout): boolean {
  try {
    return readGeneration(layout, number)?.bundles.some((bundle) => bundle.digest === digest) ?? true;
  } catch {
    return true;
  }
}
