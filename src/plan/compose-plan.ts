import { type Overrides, PHASES, type Plan, type Step } from '../model/index.ts';
import { composeNotes } from './compose-notes.ts';
import { composeSteps } from './compose-steps.ts';
import type { Proposal } from './proposal.ts';

/** The whole change as data: what changes, every step in phase order, and what an operator should know before. */
export function composePlan(proposal: Proposal): Plan {
  const { request, facts, target, members, entering, leaving } = proposal;
  return {
    formatVersion: '1',
    command: request.command,
    from: facts.current?.number ?? null,
    to: facts.nextGeneration,
    class: 'none',
    interruption: 0,
    pointOfNoReturn: null,
    wayBack: { class: 'none', loses: target.purge.map((name) => `data and configuration of ${name}`) },
    changes: [...entering, ...leaving].map(({ change }) => change),
    steps: inPhaseOrder(composeSteps(proposal, overrideWords(request.overrides))),
    overrides: overrideWords(request.overrides),
    notes: composeNotes(proposal),
    archives: members.flatMap(({ at, id, file }) => (at === 'archive' && file !== null ? [{ ...id, file }] : [])),
  };
}

/** As the history and hooks read them: `force`, `ignore-depends perl`. */
function overrideWords(overrides: Overrides): readonly string[] {
  return [
    ...(overrides.lower ? ['force'] : []),
    ...overrides.ignoreDepends.map((name) => `ignore-depends ${name}`),
    ...overrides.skipChecks.map((name) => `skip-check ${name}`),
    ...(overrides.acceptDrift ? ['accept-drift'] : []),
    ...overrides.acceptDataLoss.map((name) => `accept-data-loss ${name}`),
  ];
}

/** Sorting is stable: within a phase the order of composing stays. */
function inPhaseOrder(steps: readonly Step[]): readonly Step[] {
  return steps.toSorted((a, b) => PHASES[a.phase] - PHASES[b.phase]);
}
