import { compareVersions, type InstalledBundle } from '../../model/index.ts';
import type { GivenArchive } from './open-given.ts';

/** A version that can be chosen: `given` as a file, kept by the root, or the installed one itself. */
export type OfferedVersion = {
  readonly version: string;
  readonly place: 'given' | 'kept' | 'installed';
  /** The file as it was given; null if name and version are enough. */
  readonly file: string | null;
};

/** One bundle with every available version, the highest first. */
export type Offer = {
  readonly name: string;
  /** The installed version; null = it is not installed. */
  readonly installed: string | null;
  readonly versions: readonly OfferedVersion[];
};

/** Everything that can be chosen from, by name. `kept` has installed versions too. */
export function offersOf(
  installed: readonly InstalledBundle[],
  kept: ReadonlyMap<string, ReadonlySet<string>>,
  given: readonly GivenArchive[],
): readonly Offer[] {
  const live = new Map(installed.map((bundle) => [bundle.name, bundle]));
  const archives = Map.groupBy(given, ({ opened }) => opened.id.name);
  const names = new Set([...live.keys(), ...kept.keys(), ...archives.keys()]);
  return [...names].toSorted().map((name) => {
    const old = live.get(name);
    const versions = [
      ...(old === undefined ? [] : [{ version: old.version, place: 'installed', file: null } as const]),
      ...givenVersions(archives.get(name) ?? [], old),
      ...[...(kept.get(name) ?? [])]
        .filter((version) => version !== old?.version)
        .map((version) => ({ version, place: 'kept', file: null }) as const),
    ];
    return { name, installed: old?.version ?? null, versions: highestFirst(versions) };
  });
}

/** An archive of the installed bundle offers nothing new; the same version with other content is a rebuild. */
function givenVersions(archives: readonly GivenArchive[], old: InstalledBundle | undefined): readonly OfferedVersion[] {
  return archives
    .filter(({ opened }) => opened.id.digest !== old?.digest)
    .map(({ opened, word }) => ({ version: opened.id.version, place: 'given', file: word }) as const);
}

/** If a version is given as a file and kept as well, the file counts. */
function highestFirst(versions: readonly OfferedVersion[]): readonly OfferedVersion[] {
  return versions
    .filter(
      ({ version, place }) => place !== 'kept' || !versions.some((one) => one.file !== null && one.version === version),
    )
    .toSorted((a, b) => compareVersions(b.version, a.version));
}
