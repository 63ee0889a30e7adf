import type { Change, Overrides, Plan, Step } from '../../model/index.ts';
import { PHASES } from '../../model/index.ts';
import { roomFor } from '../checks/check-space.ts';
import { heaviest } from '../paths/class.ts';
import type { Proposal } from '../proposal.ts';
import { plannedSettings } from '../settings/changes.ts';
import { composeNotes } from './compose-notes.ts';
import { composeSteps } from './compose-steps.ts';
import { backupNotes, firstBackups } from './declared/backup-steps.ts';
import { classesOf, interruptionOf } from './disturbance.ts';
import type { Leg } from './leg.ts';
import { mergeOnce } from './merge-once.ts';
import { needsOf } from './needs-of.ts';
import { wayBackOf } from './way-back.ts';

/** The whole change as data: what changes, every step in order, and what an operator should know beforehand. */
export function composePlan(proposal: Proposal, legs: readonly Leg[], rejected: Plan['rejected']): Plan {
  const { request, facts, members } = proposal;
  const overrides = overrideWords(request.overrides);
  const steps = firstBackups(mergeOnce(inOrder(legs.map((leg) => composeSteps(leg, overrides)))));
  const point = steps.findIndex(isPointOfNoReturn);
  const classes = classesOf(legs);
  return {
    formatVersion: '1',
    command: request.command,
    from: facts.current?.number ?? null,
    to: facts.nextGeneration + legs.length - 1,
    class: heaviest([...classes.values()]),
    interruption: interruptionOf(legs),
    pointOfNoReturn: point < 0 ? null : point + 1,
    wayBack: wayBackOf(proposal, legs, steps[point]),
    changes: changesOf(proposal, classes),
    needs: needsOf(proposal),
    room: { ...roomFor(proposal.entering), free: facts.space.bytes },
    steps,
    overrides,
    notes: [...composeNotes(proposal, legs), ...backupNotes(steps)],
    rejected,
    settings: plannedSettings(proposal),
    archives: archivesOf([...members, ...legs.flatMap((leg) => leg.members)]),
  };
}

/** The operator sees the whole way as one change; its class is that of the hardest hop. */
function changesOf({ entering, leaving }: Proposal, classes: ReturnType<typeof classesOf>): readonly Change[] {
  return [...entering, ...leaving].map(({ change }) => ({ ...change, class: classes.get(change.name) ?? 'none' }));
}

function isPointOfNoReturn(step: Step): boolean {
  return (step.kind === 'run-program' || step.kind === 'control-service') && step.irreversible;
}

/** Everything is staged and checked before the first leg touches what runs; cleaning comes after the last. */
function inOrder(legs: readonly (readonly Step[])[]): readonly Step[] {
  if (legs.length === 1) return legs.flat();
  const steps = legs.flatMap((leg, hop) => leg.map((step): Step => ({ ...step, hop })));
  const phase = (step: Step): number => PHASES[step.phase];
  const rank = (step: Step): number => (phase(step) <= PHASES.check || step.phase === 'clean' ? phase(step) : 3);
  const hops = legs.slice(1).map((_, at) => forget(legs[at] ?? [], at));
  return [...steps, ...hops.flat()].toSorted((a, b) => rank(a) - rank(b));
}

/** Generations of hops in between are not kept to go back to. */
function forget(leg: readonly Step[], hop: number): readonly Step[] {
  return leg.flatMap((step): readonly Step[] =>
    step.kind === 'write-generation'
      ? [
          {
            kind: 'forget-generation',
            phase: 'clean',
            number: step.number,
            hop,
            summary: `delete generation ${step.number}, which was only on the way`,
            undo: 'cannot be undone: it runs after the change is final',
          },
        ]
      : [],
  );
}

function archivesOf(members: Proposal['members']): Plan['archives'] {
  const byDigest = new Map(
    members.flatMap(({ at, id, file }) => (at === 'archive' && file !== null ? [[id.digest, { ...id, file }]] : [])),
  );
  return [...byDigest.values()];
}

/** The overrides as the history and hooks show them: `force`, `ignore-depends perl`. */
function overrideWords(overrides: Overrides): readonly string[] {
  return [
    ...(overrides.lower ? ['force'] : []),
    ...overrides.ignoreDepends.map((name) => `ignore-depends ${name}`),
    ...overrides.skipChecks.map((name) => `skip-check ${name}`),
    ...(overrides.acceptDrift ? ['accept-drift'] : []),
    ...overrides.acceptDataLoss.map((name) => `accept-data-loss ${name}`),
    ...(overrides.oneWay ? ['one-way'] : []),
    ...(overrides.ignoreWindow ? ['ignore-window'] : []),
  ];
}
