import type { Proposal } from '../proposal.ts';
import { requestCommand } from '../request-words.ts';
import { findProblems, rulesFor } from './find-problems.ts';

/** Of bundles that exclude each other, those have to go that were not asked for: `remove exim with it: pkg install …`. */
export function suggestRemoval(names: readonly string[], proposal: Proposal): string {
  const { request, facts, members, target } = proposal;
  const leaving = names.filter((name) => !target.requested.includes(name));
  const left = members.filter((member) => !leaving.includes(member.id.name));
  const canSay = request.kind === 'install' || request.kind === 'downgrade';
  if (!canSay || leaving.length === 0 || findProblems(left, rulesFor(request.overrides, facts)).length > 0) {
    return `choose between ${names.join(' and ')}`;
  }
  const words = leaving.map((name) => `--remove ${name}`);
  return `remove ${leaving.join(', ')} with it: ${requestCommand(request, facts, words)}`;
}
