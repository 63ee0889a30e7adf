import type { Member } from '../member.ts';
import type { Proposal } from '../proposal.ts';
import { requestCommand } from '../request-words.ts';
import { findProblems, rulesFor } from './find-problems.ts';

/** Of bundles that exclude each other those must go that were not asked for: `remove exim with it: pkg install …`. */
export function suggestRemoval(names: readonly string[], proposal: Proposal): string {
  const { request, facts, target } = proposal;
  const isAsked = (name: string) => target.requested.includes(name);
  const leaving = withDependents(
    names.filter((name) => !isAsked(name)),
    proposal,
  );
  const canSay = request.kind === 'install' || request.kind === 'downgrade';
  const excludeThemselves = names.filter(isAsked).length > 1;
  if (!canSay || excludeThemselves || leaving.length === 0 || leaving.some(isAsked))
    return `choose between ${names.join(' and ')}`;
  const words = leaving.map((name) => `--remove ${name}`);
  return `remove ${leaving.join(', ')} with it: ${requestCommand(request, facts, words)}`;
}

/** With everybody who could not stay without them; nobody where that would not help either. */
function withDependents(leaving: readonly string[], { request, facts, members }: Proposal): readonly string[] {
  const rules = rulesFor(request.overrides, facts);
  for (let all = leaving; ; ) {
    const left: readonly Member[] = members.filter((member) => !all.includes(member.id.name));
    const problems = findProblems(left, rules);
    if (problems.length === 0) return all;
    if (problems.some(({ kind }) => kind === 'conflicts')) return [];
    all = [...new Set([...all, ...problems.map(({ bundle }) => bundle.id.name)])];
  }
}
