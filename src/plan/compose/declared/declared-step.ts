import { copiesData, type Phase, type UpgradeEntry, type UpgradeVerb, upgradeVerb } from '../../../model/index.ts';
import type { Member } from '../../member.ts';
import { describerOf, type Hop } from '../../paths/hop.ts';
import type { Leg } from '../leg.ts';

type Declared = UpgradeEntry['steps'][number];

/** One declared step with everything that belongs to it. */
export type DeclaredStep = {
  readonly leg: Leg;
  readonly hop: Hop;
  readonly describer: Member;
  readonly direction: 'up' | 'down';
  readonly from: Member;
  readonly to: Member;
  readonly step: Declared;
  readonly verb: UpgradeVerb;
  /** A copy of the data was made before it, and undo goes back to that. */
  readonly isRestored: boolean;
};

/** The steps of the declared way that a bundle goes; none where it goes by default. */
export function declaredSteps(leg: Leg, hop: Hop): readonly DeclaredStep[] {
  const describer = describerOf(hop);
  const { from, to, entry } = hop;
  if (describer === null || from === null || to === null || entry === null) return [];
  const direction = hop.direction === 'down' ? 'down' : 'up';
  return entry.steps.flatMap((step, at) => {
    const verb = upgradeVerb(step);
    const isRestored = entry.steps.slice(0, at).some(copiesData);
    return verb === null ? [] : [{ leg, hop, describer, direction, from, to, step, verb, isRestored } as const];
  });
}

/** Only the newer code can convert back what it wrote, so on the way down it runs while that code is still there. */
export function sideOfSwitch({ direction, step }: DeclaredStep): Phase {
  const isNewerCode = step['in'] !== 'old';
  return (direction === 'up') === isNewerCode ? 'migrate-after' : 'migrate-before';
}

/** The bundle whose program a step runs: the version that declares the step, unless it says `in: old`. */
export function bundleOf({ step, describer, direction, from, to }: DeclaredStep): Member {
  if (step['in'] !== 'old') return describer;
  return direction === 'up' ? from : to;
}

/** How long a step may take. */
export function timeoutOf(step: Declared, otherwise: string): string {
  return typeof step['timeout'] === 'string' ? step['timeout'] : otherwise;
}
