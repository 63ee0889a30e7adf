import { bundleTitle, type Cause } from '../../model/index.ts';
import { isInPin } from '../choose/find-bundles.ts';
import type { Proposal } from '../proposal.ts';
import { refuse } from '../target.ts';
import type { Check } from './check.ts';

/** Refuses to remove a protected bundle. */
export const checkProtected: Check = ({ leaving, facts }) => {
  const causes = leaving
    .filter(({ member }) => facts.protectedNames.includes(member.id.name))
    .map(({ member }) => ({ message: `${bundleTitle(member.id)} is protected and may not be removed` }));
  return causes.length === 0 ? null : refuse('protected', causes, 'take it out of `protected` in settings.json first');
};

/** Refuses versions outside a pin of this root; a rollback ignores pins. */
export const checkPins: Check = (proposal) => {
  const causes = pinProblems(proposal);
  if (causes.length === 0 || proposal.request.kind === 'rollback') return null;
  const names = proposal.entering
    .filter(({ member }) => !isInPin(member, proposal.facts))
    .map(({ change }) => change.name);
  return refuse('pinned', causes, `if the pin is no longer meant: pkg unpin ${names.join(' ')}`);
};

/** Entering versions outside their pin. */
export function pinProblems({ entering, facts }: Proposal): readonly Cause[] {
  return entering
    .filter(({ member }) => !isInPin(member, facts))
    .map(({ member }) => ({
      message: `${member.id.name} is pinned to ${facts.pins[member.id.name]}, ${member.id.version} is outside`,
    }));
}
