import { compareVersions, type Facts, isPrerelease, type KnownBundle } from '../../model/index.ts';
import { findBundles, isInPin } from '../choose/find-bundles.ts';
import { searchMembers } from '../choose/search-members.ts';
import type { Member } from '../member.ts';
import type { Proposal } from '../proposal.ts';
import { rulesFor } from './find-problems.ts';
import { orderByDistance } from './order-by-distance.ts';

/** Known versions of other bundles that would make the request succeed; none if nothing would. */
export function whatElseMoves({ request, facts, target, installed }: Proposal): readonly Member[] {
  const isInstalled = (member: Member) => installed.some((old) => old.id.digest === member.id.digest);
  const isAsked = (member: Member) => target.requested.includes(member.id.name);
  const slots = orderByDistance(target.members, target.requested)
    .filter((member) => !isAsked(member) && isInstalled(member))
    .map((old) => ({ name: old.id.name, candidates: [old, ...others(old, facts, request.kind === 'downgrade')] }));
  const barred = request.kind === 'install' ? request.remove : [];
  const start = { members: target.members.filter(isAsked), slots, kept: target.requested, barred };
  const found = searchMembers(start, rulesFor(request.overrides, facts)) ?? [];
  return found.filter((member) => !isAsked(member) && !isInstalled(member));
}

/** Other known versions in the direction of the request. */
function others(old: Member, facts: Facts, goesDown: boolean): readonly Member[] {
  const isWanted = ({ id }: KnownBundle) => compareVersions(id.version, old.id.version) === (goesDown ? -1 : 1);
  return findBundles(old.id.name, facts)
    .filter((bundle) => isWanted(bundle) && !isPrerelease(bundle.id.version) && isInPin(bundle, facts))
    .map((bundle) => ({ ...bundle, explicit: old.explicit }));
}
