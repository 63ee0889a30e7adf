import { bundleTitle, compareVersions, inRange, type Manifest } from '../../model/index.ts';
import type { Problem } from '../manifest/manifest-source.ts';
import { checkEarlier, entriesOf, entryFor } from './check-earlier.ts';
import { rangeOf } from './check-ranges.ts';
import type { Findings } from './check-source.ts';

type Direction = 'up' | 'down';

/** Mistakes in upgrade paths that only show beside the earlier bundles themselves. */
export function checkAgainst(manifest: Manifest, others: readonly Manifest[]): Findings {
  const strangers = others.filter(({ name }) => name !== manifest.name);
  const same = others.filter(({ name }) => name === manifest.name);
  const earlier = same.filter((old) => isEarlier(old, manifest));
  const later = same.filter((old) => !isEarlier(old, manifest));
  const found = (['up', 'down'] as const).map((direction) => coverage(manifest, earlier, direction));
  return {
    problems: [
      ...strangers.map(isAnother),
      ...found.flatMap(({ problems }) => problems),
      ...earlier.flatMap((old) => checkEarlier(manifest, old, earlier)),
    ],
    warnings: [
      ...later.map((other) => `${bundleTitle(other)} is not earlier than ${manifest.version}`),
      ...found.flatMap(({ warnings }) => warnings),
    ],
  };
}

function isEarlier(old: Manifest, { version }: Manifest): boolean {
  return compareVersions(old.version, version) < 0;
}

function isAnother(other: Manifest): Problem {
  return { path: ['name'], at: 'value', message: `${bundleTitle(other)} is another bundle` };
}

/** A range without a version beside a version without a range: most likely they were meant for each other. */
function coverage(manifest: Manifest, earlier: readonly Manifest[], direction: Direction): Findings {
  if (manifest.upgrade === undefined || earlier.length === 0) return { problems: [], warnings: [] };
  const ranges = unmatched(manifest, earlier, direction);
  const versions = uncovered(manifest, earlier, direction);
  if (versions.length > 0) return { problems: ranges, warnings: versions };
  return { problems: [], warnings: ranges.map(({ message }) => message) };
}

function unmatched(manifest: Manifest, earlier: readonly Manifest[], direction: Direction): readonly Problem[] {
  const given = earlier.map(({ version }) => version).join(', ');
  return entriesOf(manifest, direction).flatMap((entry, at): readonly Problem[] => {
    if (earlier.some((old) => inRange(old.version, rangeOf(entry)))) return [];
    const message = `range-without-version: upgrade.${direction} '${rangeOf(entry)}' holds none of the versions given: ${given}`;
    return [{ path: ['upgrade', direction, at, direction === 'up' ? 'from' : 'to'], at: 'value', message }];
  });
}

function uncovered(manifest: Manifest, earlier: readonly Manifest[], direction: Direction): readonly string[] {
  return earlier
    .filter((old) => entryFor(manifest, old, direction) === null)
    .map(({ version }) => {
      const fallback = manifest.upgrade?.default?.[direction] ?? 'what its services say';
      const word = direction === 'up' ? 'from' : 'to';
      return `version-without-path: no way is declared ${direction} ${word} ${version}, so the default is taken: ${fallback}`;
    });
}
