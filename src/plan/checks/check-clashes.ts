import { bundleTitle, type Cause, type ExternalLink } from '../../model/index.ts';
import { externalLinks } from '../compose/external-links.ts';
import { byName, compareText, type Member } from '../member.ts';
import type { Proposal } from '../proposal.ts';
import { refuse } from '../target.ts';
import type { Check } from './check.ts';

/** Refuses what two members cannot both have, and links where something foreign stands. */
export const checkClashes: Check = (proposal) => {
  const commands = sharedBy(proposal.members, (member) => Object.keys(member.manifest.bin ?? {}), 'the command');
  const links = sharedBy(proposal.members, (member) => Object.keys(member.manifest.links ?? {}), 'the link');
  const causes = [...commands, ...links, ...foreignFiles(proposal)];
  return causes.length === 0 ? null : refuse('clash', causes, 'remove one of the two, or move the foreign file away');
};

function sharedBy(
  members: readonly Member[],
  claims: (member: Member) => readonly string[],
  what: string,
): readonly Cause[] {
  const claimants = new Map<string, string[]>();
  for (const member of byName(members)) {
    for (const claim of claims(member)) claimants.set(claim, [...(claimants.get(claim) ?? []), bundleTitle(member.id)]);
  }
  return [...claimants]
    .filter(([, titles]) => titles.length > 1)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([claim, titles]) => ({ message: `${titles.join(' and ')} both have ${what} ${claim}` }));
}

function foreignFiles({ entering, facts }: Proposal): readonly Cause[] {
  const isForeign = ({ at }: ExternalLink) => facts.externalLinks.get(at) === 'foreign';
  return entering.flatMap(({ member }) =>
    externalLinks(member, facts.root)
      .filter(isForeign)
      .map(({ at }) => ({
        message: `${bundleTitle(member.id)} links ${at}, but something that is not ours stands there`,
      })),
  );
}
