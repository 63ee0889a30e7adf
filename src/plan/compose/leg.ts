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
  /** What runs now, as read before the decision; null for a service that does not run. */
  readonly running: ServiceFact | null;
  readonly action: Action;
  /** Its data is renamed, so it must be down by then. */
  readonly givesData: boolean;
  /** The reason, for the plan. */
  readonly because: string;
};

/** A proposal together with the way each of its bundles goes. */
export type Leg = Proposal & { readonly hops: readonly Hop[] };

/** How a bundle declares a service; an empty declaration if it does not. */
export function declarationOf(member: Member, { service }: ServiceName): Service {
  return member.manifest.services?.[service] ?? {};
}
