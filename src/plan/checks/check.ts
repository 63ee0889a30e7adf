import type { Decision } from '../../model/index.ts';
import type { Proposal } from '../proposal.ts';

/** Looks at a proposal from one side; null = nothing to say against it. */
export type Check = (proposal: Proposal) => Extract<Decision, { kind: 'refusal' }> | null;
