import { PkgError } from '../error.ts';
import {
  type BundleId,
  bundleTitle,
  type Cause,
  type Facts,
  type Generation,
  type KnownBundle,
  quoted,
} from '../model/index.ts';

/** What most rules look at: who a bundle is and what it declares. */
export type Described = Pick<KnownBundle, 'id' | 'manifest'>;

/** A bundle of a generation; `explicit` = asked for, not only needed by another. */
export type Member = KnownBundle & { readonly explicit: boolean };

/** The members of a generation with their manifests, by name; none before the first install. */
export function membersOf(generation: Generation | null, facts: Facts): readonly Member[] {
  if (generation === null) return [];
  return byName(
    generation.bundles.map((bundle) => {
      const known = facts.known.get(bundle.digest);
      if (known === undefined) throw unreadable(bundle, generation);
      return { ...known, explicit: bundle.explicit };
    }),
  );
}

/** Sorted by name, the order in which generations list their members. */
export function byName<T extends Pick<Described, 'id'>>(bundles: readonly T[]): readonly T[] {
  return bundles.toSorted((a, b) => compareText(a.id.name, b.id.name));
}

/** By code units: the same order on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** One cause for each name that is not installed. */
export function notThere(names: readonly string[], installed: readonly Member[]): readonly Cause[] {
  return names
    .filter((name) => !installed.some((member) => member.id.name === name))
    .map((name) => ({ message: `${quoted(name)} is not installed` }));
}

function unreadable(bundle: BundleId, generation: Generation): PkgError {
  return new PkgError('root-damaged', `cannot read ${bundleTitle(bundle)} of generation ${generation.number}`, {
    hint: 'pkg verify --repair',
  });
}
