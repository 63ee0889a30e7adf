import type { Decision, Facts, Request } from '../model/index.ts';
import { checkBackupSpace } from './checks/check-backup-space.ts';
import { checkLimits } from './checks/check-limits.ts';
import { checkPreview } from './checks/check-preview.ts';
import { checkProposal } from './checks/check-proposal.ts';
import { checkReplacedOnce } from './checks/check-replaced-once.ts';
import { checkServices } from './checks/check-services.ts';
import { choose } from './choose/choose.ts';
import { composePlan } from './compose/compose-plan.ts';
import { legsOf } from './compose/legs.ts';
import { choosePaths } from './paths/choose.ts';
import { type Proposal, propose } from './proposal.ts';
import { checkSettings } from './settings/check.ts';
import { settingsOf } from './settings/of-members.ts';

/** Turns a request and the facts into a plan, a refusal, or nothing to do. */
export function decide(request: Request, facts: Facts): Decision {
  const choice = choose(request, facts);
  if (choice.kind !== 'target') return choice;
  const proposal = propose(request, choice, facts);
  const refusal = isNothing(proposal) ? checkSettings(proposal) : checkProposal(proposal);
  if (refusal !== null) return refusal;
  if (isNothing(proposal)) return { kind: 'nothing', because: nothingBecause(request) };
  const paths = choosePaths(proposal);
  if (paths.kind === 'refusal') return paths;
  const legs = legsOf(proposal, paths.hops);
  const plan = composePlan(proposal, legs, paths.rejected);
  return (
    checkServices(legs) ??
    checkReplacedOnce(plan) ??
    checkPreview(legs, plan) ??
    checkLimits(plan, request) ??
    checkBackupSpace(plan, proposal) ?? { kind: 'plan', plan, settings: settingsOf(proposal.settled) }
  );
}

function isNothing({ target, entering, leaving, nowExplicit, reconfigured }: Proposal): boolean {
  return target.purge.length + entering.length + leaving.length + nowExplicit.length + reconfigured.length === 0;
}

function nothingBecause({ kind }: Request): string {
  return kind === 'settings' ? 'all settings have these values already' : 'all of it is installed already';
}
