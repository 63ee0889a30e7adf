import { bundleTitle, type Facts } from '../../model/index.ts';
import { isDeclaredDown } from '../paths/declared.ts';
import type { Entering } from '../proposal.ts';
import { requestWords } from '../request-words.ts';
import { refuse } from '../target.ts';
import type { Check } from './check.ts';
import { acceptance } from './check-data.ts';

/** Refuses lower versions that nobody said are meant; a rollback says it by its name. */
export const checkLower: Check = ({ request, facts, entering }) => {
  if (request.kind === 'rollback' || request.overrides.lower) return null;
  const lower = entering.filter(({ change }) => change.direction === 'down');
  const unasked = lower.filter((one) => request.kind !== 'downgrade' || !isDeclared(one, facts));
  if (unasked.length === 0) return null;
  const causes = unasked.map(({ member, before }) => ({
    message: `${bundleTitle(member.id)} is lower than the installed ${before?.id.version}`,
  }));
  const force = lower.every((one) => isDeclared(one, facts)) ? [] : ['--force'];
  const words = ['pkg downgrade', ...force, ...acceptance(lower, facts), requestWords(request, facts)];
  return refuse('downgrade-needs-force', causes, `if lower is meant: ${words.join(' ')}`);
};

/** Data that could not be read is another matter, and checked by itself. */
function isDeclared({ member, before, change }: Entering, facts: Facts): boolean {
  return before !== null && isDeclaredDown(before, member, { ...facts, acceptDataLoss: [change.name] });
}
