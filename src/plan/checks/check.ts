import type { Decision } from '../../model/index.ts';
import type { Proposal } from '../proposal.ts';

/** Checks one aspect of a proposal; null = no objection. */
export type Check = (proposal: Proposal) => Extract<Decision, { kind: 'refusal' }> | null;
