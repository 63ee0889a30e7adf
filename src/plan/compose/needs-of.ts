import { inRange, type Need } from '../../model/index.ts';
import type { Proposal } from '../proposal.ts';
import { indexProviders } from '../relations/index-providers.ts';

/** Which bundles need which in the new generation, if at least one of the two changes. */
export function needsOf({ members, entering }: Pick<Proposal, 'members' | 'entering'>): readonly Need[] {
  const changing = new Set(entering.map(({ member }) => member.id.name));
  const providers = indexProviders(members);
  return members.flatMap(({ id, manifest }) =>
    Object.entries(manifest.depends ?? {}).flatMap(([as, range]): readonly Need[] => {
      const found = providers.get(as)?.find(({ version }) => inRange(version, range));
      const on = found?.bundle.id.name;
      if (on === undefined || on === id.name || !(changing.has(id.name) || changing.has(on))) return [];
      return [{ by: id.name, on, as, range }];
    }),
  );
}
