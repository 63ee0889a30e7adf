import type { Decision, Facts, Request } from '../model/index.ts';
import { checkLimits } from './check-limits.ts';
import { checkProposal } from './check-proposal.ts';
import { checkServices } from './check-services.ts';
import { chooseDowngrade } from './choose-downgrade.ts';
import { chooseInstall } from './choose-install.ts';
import { chooseAutoremove, chooseRemove } from './choose-remove.ts';
import { chooseRollback } from './choose-rollback.ts';
import { chooseUpgrade } from './choose-upgrade.ts';
import { composePlan } from './compose-plan.ts';
import { legsOf } from './legs.ts';
import { choosePaths } from './path-choose.ts';
import { propose } from './proposal.ts';
import type { Choice } from './target.ts';

/** Turns what is asked for and what is known into a plan, a refusal, or nothing to do. */
export function decide(request: Request, facts: Facts): Decision {
  const choice = choose(request, facts);
  if (choice.kind !== 'target') return choice;
  const proposal = propose(request, choice, facts);
  if (proposal.entering.length + proposal.leaving.length + proposal.nowExplicit.length === 0) {
    return { kind: 'nothing', because: 'all of it is installed already' };
  }
  const refusal = checkProposal(proposal);
  if (refusal !== null) return refusal;
  const paths = choosePaths(proposal);
  if (paths.kind === 'refusal') return paths;
  const legs = legsOf(proposal, paths.hops);
  const plan = composePlan(proposal, legs, paths.rejected);
  return checkServices(legs) ?? checkLimits(plan, request) ?? { kind: 'plan', plan };
}

function choose(request: Request, facts: Facts): Choice {
  switch (request.kind) {
    case 'install':
      return chooseInstall(request, facts);
    case 'upgrade':
      return chooseUpgrade(request, facts);
    case 'downgrade':
      return chooseDowngrade(request, facts);
    case 'remove':
      return chooseRemove(request, facts);
    case 'autoremove':
      return chooseAutoremove(request, facts);
    case 'rollback':
      return chooseRollback(request, facts);
    default:
      return request satisfies never;
  }
}
