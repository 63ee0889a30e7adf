import type { ExternalLink, Step } from '../../../model/index.ts';
import type { Proposal } from '../../proposal.ts';
import { externalLinks } from '../external-links.ts';

/** One rename of `current`, between removing external links that end and making those that begin. */
export function stepsForSwitch({ facts, installed, members }: Proposal): readonly Step[] {
  const before = installed.flatMap((member) => externalLinks(member, facts.root));
  const after = members.flatMap((member) => externalLinks(member, facts.root));
  const from = facts.current?.number ?? null;
  const to = facts.nextGeneration;
  return [
    ...linkStep('remove-links', minus(before, after)),
    {
      kind: 'switch',
      phase: 'switch',
      from,
      to,
      summary: from === null ? `switch current to generation ${to}` : `switch current from generation ${from} to ${to}`,
      undo: from === null ? 'remove current again' : `switch back to generation ${from}`,
    },
    ...linkStep('make-links', minus(after, before)),
  ];
}

/** A link at the same place with the same target keeps working through the switch. */
function minus(links: readonly ExternalLink[], others: readonly ExternalLink[]): readonly ExternalLink[] {
  return links.filter((link) => !others.some((other) => other.at === link.at && other.to === link.to));
}

function linkStep(kind: 'remove-links' | 'make-links', links: readonly ExternalLink[]): readonly Step[] {
  if (links.length === 0) return [];
  const places = links.map(({ at }) => at).join(', ');
  return kind === 'remove-links'
    ? [{ kind, phase: 'switch', links, summary: `remove the link ${places}`, undo: 'make it again' }]
    : [{ kind, phase: 'switch', links, summary: `make the link ${places}`, undo: 'remove it again' }];
}
