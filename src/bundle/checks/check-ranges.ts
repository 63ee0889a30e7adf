import semver from 'semver';
import type { Manifest, UpgradeEntry } from '../../model/index.ts';
import type { Problem } from '../manifest/manifest-source.ts';

/** Ranges of upgrade paths that hold for no older version, or for one that another entry holds for as well. */
export function checkRanges(manifest: Manifest): readonly Problem[] {
  return (['up', 'down'] as const).flatMap((direction) => {
    const entries = manifest.upgrade?.[direction] ?? [];
    return entries.flatMap((entry, at): readonly Problem[] => {
      const path = ['upgrade', direction, at, direction === 'up' ? 'from' : 'to'];
      return [...neverTaken(manifest, rangeOf(entry), path), ...overlap(entries.slice(0, at), rangeOf(entry), path)];
    });
  });
}

/** The versions an entry leads from (up) or to (down). */
export function rangeOf(entry: UpgradeEntry): string {
  return entry.from ?? entry.to ?? '*';
}

function neverTaken(manifest: Manifest, range: string, path: Problem['path']): readonly Problem[] {
  if (!semver.intersects(range, '*', { includePrerelease: true })) {
    const message = `unreachable: no version can be inside '${range}'`;
    return [{ path, at: 'value', message, hint: 'the bounds exclude each other' }];
  }
  // 1.0.0+2 comes after 1.0.0, though ranges do not tell them apart
  const isRebuild = (semver.parse(manifest.version)?.build.length ?? 0) > 0;
  const older = `${isRebuild ? '<=' : '<'}${manifest.version}`;
  if (semver.intersects(range, older, { includePrerelease: namesPrerelease(range) })) return [];
  const message = `path-to-itself: '${range}' holds no version below ${manifest.version}`;
  return [
    { path, at: 'value', message, hint: 'paths lead from and to older versions; the newer bundle declares both' },
  ];
}

/** `1.1.0-rc.1`; the `-0` that `<1.2` is read as is none. */
function namesPrerelease(range: string): boolean {
  const parts = new semver.Range(range).set.flat().map(({ semver: bound }) => bound.prerelease?.join('.') ?? '');
  return parts.some((part) => part !== '' && part !== '0');
}

// Two entries for one version: which way is taken would depend on details nobody reads.
function overlap(earlier: readonly UpgradeEntry[], range: string, path: Problem['path']): readonly Problem[] {
  const other = earlier.find((entry) => semver.intersects(rangeOf(entry), range));
  if (other === undefined) return [];
  const message = `range-overlap-ambiguous: '${range}' and '${rangeOf(other)}' share versions`;
  return [{ path, at: 'value', message, hint: 'make the ranges exclude each other' }];
}
