import type { Member } from './member.ts';
import type { Proposal } from './proposal.ts';

/** A data folder that passes from one bundle to the one that replaces it. */
export type DataMove = { readonly from: Member; readonly to: Member };

/** The data that new bundles inherit; for a bundle without a data folder it stays under its old name. */
export function dataMoves({ entering, facts }: Pick<Proposal, 'entering' | 'facts'>): readonly DataMove[] {
  return entering.flatMap(({ member, before, replaced }) => {
    if (before !== null || replaced === null || member.manifest.data?.directory !== true) return [];
    const state = facts.dataStates.get(replaced.id.name) ?? 'empty';
    return state === 'empty' ? [] : [{ from: replaced, to: member }];
  });
}

/** Bundles that are replaced while their data stays under the old name. */
export function dataLeft(proposal: Pick<Proposal, 'entering' | 'leaving' | 'facts'>): readonly Member[] {
  const moved = dataMoves(proposal).map(({ from }) => from);
  const state = ({ id }: Member) => proposal.facts.dataStates.get(id.name) ?? 'empty';
  return proposal.leaving
    .filter(({ member, inFavour }) => inFavour !== null && state(member) !== 'empty' && !moved.includes(member))
    .map(({ member }) => member);
}
