import { bundleTitle, inRange } from '../model/index.ts';
import type { Check } from './check.ts';
import type { Entering } from './proposal.ts';
import { requestWords } from './request-words.ts';
import { refuse } from './target.ts';

/** Refuses lower versions that nobody said are meant; a rollback says it by its name. */
export const checkLower: Check = ({ request, facts, entering }) => {
  if (request.kind === 'rollback' || request.overrides.lower) return null;
  const lower = entering.filter(({ change }) => change.direction === 'down');
  const unasked = lower.filter((one) => request.kind !== 'downgrade' || !isDeclared(one));
  if (unasked.length === 0) return null;
  const causes = unasked.map(({ member, before }) => ({
    message: `${bundleTitle(member.id)} is lower than the installed ${before?.id.version}`,
  }));
  const force = lower.every(isDeclared) ? '' : ' --force';
  return refuse(
    'downgrade-needs-force',
    causes,
    `if lower is meant: pkg downgrade${force} ${requestWords(request, facts)}`,
  );
};

/** Whether the newer bundle describes the way down to this version. */
function isDeclared({ member, before }: Entering): boolean {
  return (before?.manifest.upgrade?.down ?? []).some(({ to }) => to !== undefined && inRange(member.id.version, to));
}
