import { bundleTitle, serviceTitle } from '../../model/index.ts';
import { acceptedLosses } from '../checks/check-data.ts';
import { driftLeftBehind } from '../checks/check-drift.ts';
import { hostProblems } from '../checks/check-machine.ts';
import { pinProblems } from '../checks/check-policy.ts';
import { purgeNotes } from '../left-behind.ts';
import type { Proposal } from '../proposal.ts';
import { allProblems } from '../relations/find-problems.ts';
import { dataNotes, lostNotes } from './data-notes.ts';
import { declarationOf, type Leg } from './leg.ts';
import { isSkipped } from './phases/steps-for-checks.ts';
import { touchesOf } from './services/touch.ts';

/** What an operator should see before accepting the plan. */
export function composeNotes(proposal: Proposal, legs: readonly Leg[]): readonly string[] {
  return [
    ...proposal.target.notes,
    ...proposal.nowExplicit.map(({ id }) => `${bundleTitle(id)} counts as asked for from now on`),
    ...letPass(proposal).map((message) => `goes on although ${message}`),
    ...driftKept(proposal),
    ...skippedChecks(proposal),
    ...dataNotes(proposal),
    ...purgeNotes(proposal),
    ...lostNotes(proposal),
    ...serviceNotes(legs),
  ];
}

/** What the checks found but did not refuse: it was overridden, already so, or does not matter on the way back. */
function letPass(proposal: Proposal): readonly string[] {
  const { members, facts, request } = proposal;
  const known = [...allProblems(members, facts.programVersion), ...driftLeftBehind(proposal)];
  const onTheWayBack = request.kind === 'rollback' ? [...hostProblems(proposal), ...pinProblems(proposal)] : [];
  return [...known, ...onTheWayBack, ...acceptedLosses(proposal)].map(({ message }) => message);
}

function driftKept({ facts, members }: Proposal): readonly string[] {
  const staying = members.filter(({ id }) => facts.drift.some(({ bundle }) => bundle.digest === id.digest));
  return staying.map(({ id }) => `files of ${bundleTitle(id)} were changed by hand; they stay as they are: pkg verify`);
}

function skippedChecks(proposal: Proposal): readonly string[] {
  return proposal.members.flatMap((member) =>
    (member.manifest.checks ?? [])
      .filter((check) => isSkipped(check, member, proposal))
      .map((check) => `check ${check.name} of ${bundleTitle(member.id)} is skipped`),
  );
}

function serviceNotes(legs: readonly Leg[]): readonly string[] {
  const touches = legs.flatMap(touchesOf);
  const idle = touches.filter(({ running, action, after }) => running === null && action === 'none' && after !== null);
  const beside = touches.filter(
    ({ action, name, after }) =>
      action === 'replace' && after !== null && declarationOf(after, name).traffic === undefined,
  );
  return [
    ...new Set([
      ...idle.map(({ name }) => `${serviceTitle(name)} does not run, and is not started`),
      ...beside.map(
        ({ name }) =>
          `${serviceTitle(name)} is replaced without a proxy: connections that queue at the old one may be reset`,
      ),
    ]),
  ];
}
