import type { Service, ServiceFact, ServiceName } from '../../model/index.ts';
import type { Member } from '../member.ts';
import type { Hop } from '../paths/hop.ts';
import type { Proposal } from '../proposal.ts';

/** What is done to one service, from the gentlest to the hardest; `start` and `stop` are for those that come and go. */
export type Action = 'none' | 'hot' | 'reload' | 'replace' | 'restart' | 'stop-start' | 'start' | 'stop';

/** One service that a change reaches, and the one action it gets. */
export type Touch = {
  readonly name: ServiceName;
  /** The bundle before and after; null where the service does not exist on that side. */
  readonly before: Member | null;
  readonly after: Member | null;
  /** What runs now, as it was read before the decision; null for one that is not up. */
  readonly running: ServiceFact | null;
  readonly action: Action;
  /** Its data goes to another name, so that it must be down by then. */
  readonly givesData: boolean;
  /** The reason, for the plan. */
  readonly because: string;
};

/** A proposal together with the way each of its bundles goes. */
export type Leg = Proposal & { readonly hops: readonly Hop[] };

/** How a service is declared by a bundle; an empty declaration where it is not. */
export function declarationOf(member: Member, { service }: ServiceName): Service {
  return member.manifest.services?.[service] ?? {};
}
