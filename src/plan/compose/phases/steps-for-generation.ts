import type { Step } from '../../../model/index.ts';
import { byName } from '../../member.ts';
import type { Proposal } from '../../proposal.ts';
import { settingsRevisions } from '../../settings/changes.ts';
import { configOf } from './steps-for-staging.ts';

/** Writes down the set that `current` will point to. */
export function stepsForGeneration(proposal: Proposal): readonly Step[] {
  const { facts, target, members } = proposal;
  return [
    {
      kind: 'write-generation',
      phase: 'stage',
      number: facts.nextGeneration,
      parent: facts.current?.number ?? null,
      ...(target.restores === null ? {} : { restores: target.restores }),
      createdAt: facts.now,
      bundles: byName(members).map(({ id, explicit }) => ({ ...id, explicit })),
      config: configOf(proposal),
      settings: settingsRevisions(proposal),
      summary: `write generation ${facts.nextGeneration}`,
      undo: 'delete it again',
    },
  ];
}
