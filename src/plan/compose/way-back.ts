import { bundleTitle, type Deletable, deletableInWords, type Plan, type Step } from '../../model/index.ts';
import { classHere, heaviest } from '../paths/class.ts';
import { whyUnreadable } from '../paths/data.ts';
import type { Ground } from '../paths/hop.ts';
import { findWay } from '../paths/way.ts';
import type { Entering, Proposal } from '../proposal.ts';
import { classOfStaying } from './disturbance.ts';
import type { Leg } from './leg.ts';

/** How to go back from the new generation, and what that would lose. */
export function wayBackOf(
  { target, entering, facts }: Proposal,
  legs: readonly Leg[],
  pointOfNoReturn: Step | undefined,
): Plan['wayBack'] {
  const ground = groundAfter(legs, facts);
  const back = entering.flatMap(({ member, before }) =>
    before === null
      ? []
      : [{ member, before, way: findWay(member, before, ground, { format: formatAfterwards(member) }) }],
  );
  const barred = back.filter(({ way }) => way.hops.length === 0);
  const accept = barred.filter((one) => isOpenedByLoss(one, ground)).map(({ before }) => before.id.name);
  return {
    class: heaviest([
      ...back.flatMap(({ way }) => way.hops.map((hop) => classHere(hop, ground))),
      classOfStaying(legs),
    ]),
    loses: [
      ...target.purge.flatMap((name) => purged(name, facts.deletable.get(name) ?? [])),
      ...barred.map(({ member, before, way }) => {
        const reasons = [...new Set(way.rejected.map(({ why }) => why))].join('; ');
        return `${bundleTitle(before.id)} cannot follow ${member.id.version}: ${reasons}`;
      }),
      ...entering.flatMap(unreadableByReplaced),
      ...(pointOfNoReturn === undefined ? [] : [`what is done from here on: ${pointOfNoReturn.summary}`]),
    ],
    ...(accept.length > 0 && { accept }),
  };
}

type Came = { readonly member: Entering['member']; readonly before: NonNullable<Entering['before']> };

/** Whether the loss of data is the only obstacle on the way back. */
function isOpenedByLoss({ member, before }: Came, ground: Ground): boolean {
  const accepting = { ...ground, acceptDataLoss: [before.id.name] };
  return findWay(member, before, accepting, { format: formatAfterwards(member) }).hops.length > 0;
}

/** Data that was renamed only goes back in a format that the older bundle reads. */
function unreadableByReplaced({ member, before, replaced }: Proposal['entering'][number]): readonly string[] {
  if (before !== null || replaced === null) return [];
  const why = whyUnreadable(replaced.manifest, formatAfterwards(member));
  return why === null ? [] : [`${bundleTitle(replaced.id)} cannot follow ${bundleTitle(member.id)}: it ${why}`];
}

function purged(name: string, deletable: readonly Deletable[]): readonly string[] {
  if (deletable.length === 0) return [`data and configuration of ${name}`];
  return deletable.map((one) => `${one.what} of ${name}: ${deletableInWords(one)}`);
}

/** The way back is judged as if it were taken at once: what runs now will run then. */
function groundAfter(legs: readonly Leg[], facts: Proposal['facts']): Ground {
  const last = legs.at(-1)?.facts ?? facts;
  return { ...last, limit: null, acceptDataLoss: [] };
}

function formatAfterwards({ manifest }: Proposal['members'][number]): number | null {
  return manifest.data?.writes ?? null;
}
