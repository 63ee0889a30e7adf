import { checkSettings } from '../settings/check.ts';
import { checkLostSettings } from '../settings/check-lost.ts';
import type { Check } from './check.ts';
import { checkClashes } from './check-clashes.ts';
import { checkData } from './check-data.ts';
import { checkDataMoves } from './check-data-moves.ts';
import { checkDrift } from './check-drift.ts';
import { checkLower } from './check-lower.ts';
import { checkHost, checkPlatform } from './check-machine.ts';
import { checkPins, checkProtected } from './check-policy.ts';
import { checkConflicts, checkDepends } from './check-relations.ts';
import { checkSpace } from './check-space.ts';

/** From what can never succeed to what is only an obstacle now: the first refusal is the one worth solving first. */
const CHECKS: readonly Check[] = [
  checkLostSettings,
  checkPlatform,
  checkHost,
  checkProtected,
  checkPins,
  checkLower,
  checkData,
  checkDataMoves,
  checkDepends,
  checkConflicts,
  checkSettings,
  checkClashes,
  checkDrift,
  checkSpace,
];

/** The first refusal of a proposal, or null. */
export const checkProposal: Check = (proposal) => {
  for (const check of CHECKS) {
    const refusal = check(proposal);
    if (refusal !== null) return refusal;
  }
  return null;
};
