import type { Step } from '../model/index.ts';
import type { Proposal } from './proposal.ts';
import { stepsForChecks } from './steps-for-checks.ts';
import { stepsForData } from './steps-for-data.ts';
import { stepsForGeneration } from './steps-for-generation.ts';
import { stepsForHooks } from './steps-for-hooks.ts';
import { stepsForRemerge, stepsForStaging } from './steps-for-staging.ts';
import { stepsForSwitch } from './steps-for-switch.ts';

/** Every step of a change; each subject names the phases of its own steps. */
export function composeSteps(proposal: Proposal, forced: readonly string[]): readonly Step[] {
  return [
    ...stepsForStaging(proposal),
    ...stepsForGeneration(proposal),
    ...stepsForChecks(proposal),
    ...stepsForHooks(proposal, forced),
    ...stepsForData(proposal),
    ...stepsForRemerge(proposal),
    ...stepsForSwitch(proposal),
  ];
}
