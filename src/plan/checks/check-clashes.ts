import { bundleTitle, type Cause, type ExternalLink } from '../../model/index.ts';
import { externalLinks } from '../compose/external-links.ts';
import { byName, compareText, type Member } from '../member.ts';
import type { Proposal } from '../proposal.ts';
import { suggestRemoval } from '../relations/suggest-removal.ts';
import { refuse } from '../target.ts';
import type { Check } from './check.ts';

/** Refuses commands and links that two members share, and links whose place is taken by something else. */
export const checkClashes: Check = (proposal) => {
  const commands = sharedBy(proposal.members, (member) => Object.keys(member.manifest.bin ?? {}), 'the command');
  const links = sharedBy(proposal.members, (member) => Object.keys(member.manifest.links ?? {}), 'the link');
  const shared = [...commands, ...links];
  const causes = [...shared.map(({ message }) => ({ message })), ...foreignFiles(proposal)];
  if (causes.length === 0) return null;
  const names = [...new Set(shared.flatMap(({ claimants }) => claimants.map(({ id }) => id.name)))];
  return refuse('clash', causes, names.length === 0 ? 'move the foreign file away' : suggestRemoval(names, proposal));
};

type Shared = { readonly message: string; readonly claimants: readonly Member[] };

function sharedBy(
  members: readonly Member[],
  claims: (member: Member) => readonly string[],
  what: string,
): readonly Shared[] {
  const byClaim = new Map<string, Member[]>();
  for (const member of byName(members)) {
    for (const claim of claims(member)) byClaim.set(claim, [...(byClaim.get(claim) ?? []), member]);
  }
  return [...byClaim]
    .filter(([, claimants]) => claimants.length > 1)
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([claim, claimants]) => {
      const titles = claimants.map(({ id }) => bundleTitle(id)).join(' and ');
      return { message: `${titles} both have ${what} ${claim}`, claimants };
    });
}

function foreignFiles({ entering, facts }: Proposal): readonly Cause[] {
  const isForeign = ({ at }: ExternalLink) => facts.externalLinks.get(at) === 'foreign';
  return entering.flatMap(({ member }) =>
    externalLinks(member, facts.root)
      .filter(isForeign)
      .map(({ at }) => ({
        message: `${bundleTitle(member.id)} links ${at}, but something that pkg did not make is there`,
      })),
  );
}
