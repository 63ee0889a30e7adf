import { bundleTitle, type Facts } from '../../model/index.ts';
import { isDeclaredDown } from '../paths/declared.ts';
import type { Entering, Proposal } from '../proposal.ts';
import { whatElseMoves } from '../relations/what-else-moves.ts';
import { bundleWord, requestWords } from '../request-words.ts';
import { refuse } from '../target.ts';
import type { Check } from './check.ts';
import { acceptance } from './check-data.ts';

/** Refuses lower versions that nobody has confirmed; a rollback confirms them by itself. */
export const checkLower: Check = (proposal) => {
  const { request, facts, entering } = proposal;
  if (request.kind === 'rollback' || request.overrides.lower) return null;
  const lower = entering.filter(({ change }) => change.direction === 'down');
  const unasked = lower.filter((one) => request.kind !== 'downgrade' || !isDeclared(one, facts));
  if (unasked.length === 0) return null;
  const causes = unasked.map(({ member, before }) => ({
    message: `${bundleTitle(member.id)} is lower than the installed ${before?.id.version}`,
  }));
  return refuse('downgrade-needs-force', causes, `if lower is meant: ${meantCommand(lower, proposal)}`);
};

/** The request including what else must go down, so that it is not refused for that next time. */
function meantCommand(lower: readonly Entering[], proposal: Proposal): string {
  const { request, facts } = proposal;
  const extras =
    request.kind === 'install'
      ? whatElseMoves({ ...proposal, request: { ...request, kind: 'downgrade' } })
      : whatElseMoves(proposal);
  const needsForce = extras.length > 0 || !lower.every((one) => isDeclared(one, facts));
  const words = extras.map((member) => bundleWord(member, facts));
  return [
    'pkg downgrade',
    ...(needsForce ? ['--force'] : []),
    ...acceptance(lower, facts),
    requestWords(request, facts, words),
  ].join(' ');
}

/** Whether the data can be read is checked separately. */
function isDeclared({ member, before, change }: Entering, facts: Facts): boolean {
  return before !== null && isDeclaredDown(before, member, { ...facts, acceptDataLoss: [change.name] });
}
