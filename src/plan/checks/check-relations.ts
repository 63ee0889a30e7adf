import { bundleTitle, type Cause } from '../../model/index.ts';
import type { Proposal } from '../proposal.ts';
import { explainWhy, neededByCauses } from '../relations/explain-why.ts';
import { findProblems, type Problem, rulesFor } from '../relations/find-problems.ts';
import { suggestRequest } from '../relations/suggest-request.ts';
import { refuse } from '../target.ts';
import type { Check } from './check.ts';

/** Refuses a generation in which a dependency is not met. */
export const checkDepends: Check = (proposal) => {
  const problems = newProblems(proposal, 'depends');
  if (problems.length === 0) return null;
  const causes = problems.map((problem) => withReason(problem, proposal));
  return refuse('dependency', causes, suggestRequest(proposal, problems));
};

/** Refuses a generation in which two members conflict. */
export const checkConflicts: Check = (proposal) => {
  const problems = newProblems(proposal, 'conflicts');
  if (problems.length === 0) return null;
  return refuse(
    'conflict',
    problems.map(({ message }) => ({ message })),
    suggestRequest(proposal, problems),
  );
};

/** A rollback brings back what was live and good, so what it breaks is only a note. */
function newProblems({ request, facts, members }: Proposal, kind: Problem['kind']): readonly Problem[] {
  if (request.kind === 'rollback') return [];
  return findProblems(members, rulesFor(request.overrides, facts)).filter((problem) => problem.kind === kind);
}

/** Adds why the complaining bundle is there: who needs it, or that it was asked for. */
function withReason({ bundle, message }: Problem, { members, target }: Proposal): Cause {
  const tree = explainWhy(bundle.id.name, members);
  if (tree === null) return { message };
  const asked = target.requested.includes(bundle.id.name)
    ? [{ message: `${bundleTitle(bundle.id)} is asked for` }]
    : [];
  const causes = [...asked, ...neededByCauses(tree)];
  return causes.length === 0 ? { message } : { message, causes };
}
