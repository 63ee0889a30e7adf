import { bundleTitle, type Facts, type Generation } from '../model/index.ts';
import type { Member } from './member.ts';
import type { Proposal } from './proposal.ts';

/** Whether nothing of this name is installed, but data or configuration of it is still there. */
export function isLeftBehind(name: string, { current, dataStates, configKept }: Facts): boolean {
  const isInstalled = current?.bundles.some((bundle) => bundle.name === name) === true;
  return !isInstalled && (dataStates.has(name) || configKept.has(name));
}

/** Names to purge that were already removed earlier. */
export function purgedLater({ target, leaving }: Pick<Proposal, 'target' | 'leaving'>): readonly string[] {
  return target.purge.filter((name) => !leaving.some(({ change }) => change.name === name));
}

/** A bundle that is no longer installed, and the number of the newest generation that has it. */
export type LastInstalled = { readonly member: Member; readonly generation: number };

/** The bundle that was installed last under a name, if it still lies unpacked in the store. */
export function lastInstalled(name: string, { generations, known }: Facts): LastInstalled | null {
  const newest = generations
    // A bundle from a failed change was never installed under this name.
    .filter(({ outcome }) => outcome === 'good')
    .flatMap(({ generation }) => memberNamed(name, generation).map(({ digest }) => ({ digest, generation })))
    .at(-1);
  const bundle = newest === undefined ? undefined : known.get(newest.digest);
  if (newest === undefined || bundle?.at !== 'store') return null;
  return { member: { ...bundle, explicit: false }, generation: newest.generation.number };
}

/** What an operator should know about purge hooks of bundles that are no longer kept. */
export function purgeNotes(proposal: Proposal): readonly string[] {
  return purgedLater(proposal).map((name) => {
    const last = lastInstalled(name, proposal.facts);
    return last === null
      ? `${name} itself is no longer kept: what its postremove purge would clean up elsewhere stays`
      : `${name} was removed before; what is left is of ${bundleTitle(last.member.id)}`;
  });
}

function memberNamed(name: string, { bundles }: Generation): Generation['bundles'] {
  return bundles.filter((bundle) => bundle.name === name);
}
