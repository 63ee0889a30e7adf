import type { Member } from './member.ts';
import type { Proposal } from './proposal.ts';

/** The data folder of one bundle that becomes that of the one which takes its place. */
export type DataMove = { readonly from: Member; readonly to: Member };

/** What the bundles that come inherit: as long as one has no place for data, what there is stays under its old name. */
export function dataMoves({ entering, facts }: Pick<Proposal, 'entering' | 'facts'>): readonly DataMove[] {
  return entering.flatMap(({ member, before, replaced }) => {
    if (before !== null || replaced === null || member.manifest.data?.directory !== true) return [];
    const state = facts.dataStates.get(replaced.id.name) ?? 'empty';
    return state === 'empty' ? [] : [{ from: replaced, to: member }];
  });
}

/** Bundles that are replaced while their data stays where it is, under the name nobody has any more. */
export function dataLeft(proposal: Pick<Proposal, 'entering' | 'leaving' | 'facts'>): readonly Member[] {
  const moved = dataMoves(proposal).map(({ from }) => from);
  const state = ({ id }: Member) => proposal.facts.dataStates.get(id.name) ?? 'empty';
  return proposal.leaving
    .filter(({ member, inFavour }) => inFavour !== null && state(member) !== 'empty' && !moved.includes(member))
    .map(({ member }) => member);
}
