import { bundleTitle, type Facts, type Generation } from '../model/index.ts';
import type { Member } from './member.ts';
import type { Proposal } from './proposal.ts';

/** Whether nothing of this name is installed while data or configuration of it lies there. */
export function isLeftBehind(name: string, { current, dataStates, configKept }: Facts): boolean {
  const isInstalled = current?.bundles.some((bundle) => bundle.name === name) === true;
  return !isInstalled && (dataStates.has(name) || configKept.has(name));
}

/** What is purged without being removed: that was done before. */
export function purgedLater({ target, leaving }: Pick<Proposal, 'target' | 'leaving'>): readonly string[] {
  return target.purge.filter((name) => !leaving.some(({ change }) => change.name === name));
}

/** The bundle that was installed last under a name, if it still lies unpacked in the store. */
export function lastInstalled(name: string, { generations, known }: Facts): Member | null {
  const newest = generations.toReversed().flatMap(({ generation }) => memberNamed(name, generation))[0];
  const bundle = newest === undefined ? undefined : known.get(newest.digest);
  return bundle?.at === 'store' ? { ...bundle, explicit: false } : null;
}

/** What an operator should know about the hooks of bundles that nobody may have any more. */
export function purgeNotes(proposal: Proposal): readonly string[] {
  return purgedLater(proposal).map((name) => {
    const bundle = lastInstalled(name, proposal.facts);
    return bundle === null
      ? `${name} itself is no longer kept: what its postremove purge would clean up elsewhere stays`
      : `${name} was removed before; what is left is of ${bundleTitle(bundle.id)}`;
  });
}

function memberNamed(name: string, { bundles }: Generation): Generation['bundles'] {
  return bundles.filter((bundle) => bundle.name === name);
}
