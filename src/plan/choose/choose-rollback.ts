import { type Facts, type Request, sameContent } from '../../model/index.ts';
import { membersOf } from '../member.ts';
import { type Choice, target } from '../target.ts';
import { rollbackTarget } from './rollback-target.ts';

type Rollback = Extract<Request, { kind: 'rollback' }>;

/** The members of an earlier generation, to be live again under a new number. */
export function chooseRollback(request: Rollback, facts: Facts): Choice {
  const found = rollbackTarget(facts, request.generation);
  if (found.kind === 'refusal') return found;
  const { generation } = found;
  if (facts.current !== null && sameContent(generation, facts.current)) {
    return { kind: 'nothing', because: `generation ${generation.number} is the same as the live one` };
  }
  return target(membersOf(generation, facts), [], { restores: generation.number });
}
