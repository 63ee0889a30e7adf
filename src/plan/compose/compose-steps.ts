import { PHASES, type Step } from '../../model/index.ts';
import { stepsForVerbs } from './declared/steps-for-verbs.ts';
import type { Leg } from './leg.ts';
import { stepsForChecks } from './phases/steps-for-checks.ts';
import { stepsForData } from './phases/steps-for-data.ts';
import { stepsForGeneration } from './phases/steps-for-generation.ts';
import { stepsForHooks } from './phases/steps-for-hooks.ts';
import { stepsForMoves } from './phases/steps-for-moves.ts';
import { stepsForPreview } from './phases/steps-for-preview.ts';
import { guardSteps, stepsForServices } from './phases/steps-for-services.ts';
import { stepsForSettings } from './phases/steps-for-settings.ts';
import { stepsForRemerge, stepsForStaging } from './phases/steps-for-staging.ts';
import { stepsForSwitch } from './phases/steps-for-switch.ts';
import { touchesOf } from './services/touch.ts';

/** Every step of one leg in phase order; each subject names the phases of its own steps. */
export function composeSteps(leg: Leg, forced: readonly string[]): readonly Step[] {
  const touches = touchesOf(leg);
  const verbs = stepsForVerbs(leg, touches);
  // Messages follow the one action of each service; suspending comes before anything is stopped.
  const live = [
    ...verbs.filter(({ phase }) => phase !== 'apply'),
    ...stepsForServices(leg, touches),
    ...verbs.filter(({ phase }) => phase === 'apply'),
    ...stepsForSettings(leg, touches),
  ];
  return inPhaseOrder([
    ...stepsForStaging(leg),
    ...stepsForGeneration(leg),
    ...stepsForChecks(leg),
    ...guardSteps(leg, touches),
    // Services resume before the hooks that may ask them, and are suspended after the hooks that still need them.
    ...live.filter(({ phase }) => phase === 'resume'),
    ...stepsForMoves(leg),
    ...stepsForHooks(leg, forced),
    ...live.filter(({ phase }) => phase !== 'resume'),
    ...stepsForData(leg),
    ...stepsForPreview(leg, touches),
    ...stepsForRemerge(leg),
    ...stepsForSwitch(leg),
  ]);
}

/** Sorting is stable: within a phase, steps stay in the order in which they were composed. */
function inPhaseOrder(steps: readonly Step[]): readonly Step[] {
  return steps.toSorted((a, b) => PHASES[a.phase] - PHASES[b.phase]);
}
