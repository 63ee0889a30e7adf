import {
  bundleTitle,
  compareVersions,
  inRange,
  type Manifest,
  parseServiceName,
  type UpgradeEntry,
  upgradeVerb,
} from '../../model/index.ts';
import type { Problem } from '../manifest/manifest-source.ts';
import { migrates } from './check-data-ways.ts';
import { rangeOf } from './check-ranges.ts';

type Direction = 'up' | 'down';

/** Verbs that are said to a service while it runs in the older version. */
const LIVE_VERBS = ['call', 'suspend', 'update', 'reload', 'replace', 'restart', 'stop'];

/** What the ways from and to one earlier version expect of it and do not find. */
export function checkEarlier(manifest: Manifest, old: Manifest, earlier: readonly Manifest[]): readonly Problem[] {
  const services = (['up', 'down'] as const).flatMap((direction) => missingServices(manifest, old, direction));
  return [...services, ...gapUp(manifest, old, earlier), ...gapDown(manifest, old)];
}

/** The entry for an older version, and where it stands. */
export function entryFor(
  manifest: Manifest,
  old: Manifest,
  direction: Direction,
): { entry: UpgradeEntry; at: number } | null {
  const entries = entriesOf(manifest, direction);
  const at = entries.findIndex((one) => inRange(old.version, rangeOf(one)));
  const entry = entries[at];
  return entry === undefined ? null : { entry, at };
}

/** The declared ways of one direction. */
export function entriesOf({ upgrade }: Manifest, direction: Direction): readonly UpgradeEntry[] {
  return upgrade?.[direction] ?? [];
}

/** A service that came later can only be started, which needs no step. */
function missingServices(manifest: Manifest, old: Manifest, direction: Direction): readonly Problem[] {
  const found = entryFor(manifest, old, direction);
  return (found?.entry.steps ?? []).flatMap((step, n): readonly Problem[] => {
    const verb = upgradeVerb(step);
    if (found === null || verb === null || !LIVE_VERBS.includes(verb)) return [];
    const { bundle, service } = parseServiceName(String(step[verb]), manifest.name);
    if (bundle !== manifest.name || Object.hasOwn(old.services ?? {}, service)) return [];
    const message = `no-such-service: there is no '${service}' in ${bundleTitle(old)}`;
    const path = ['upgrade', direction, found.at, 'steps', n, verb];
    return [{ path, at: 'value', message, hint: `give ${old.version} an entry without this step` }];
  });
}

function gapUp(manifest: Manifest, old: Manifest, earlier: readonly Manifest[]): readonly Problem[] {
  if (isReached(manifest, old, earlier)) return [];
  const message = `data-up-gap: ${formats(manifest, old)}, and the way up does not migrate it`;
  const found = entryFor(manifest, old, 'up');
  const path = found === null ? ['upgrade', 'up'] : ['upgrade', 'up', found.at, 'steps'];
  return [{ path, at: 'key', message, hint: 'add the migration, or go by way of a version that reads both' }];
}

/** Directly, or by way of others that were given. */
function isReached(manifest: Manifest, old: Manifest, earlier: readonly Manifest[]): boolean {
  const found = entryFor(manifest, old, 'up');
  if (canRead(manifest, old) || (found !== null && migrates(found.entry))) return true;
  const later = earlier.filter((other) => compareVersions(old.version, other.version) < 0);
  return later.some((stop) => isReached(stop, old, []) && isReached(manifest, stop, later));
}

/** Only declared ways: where none is declared nothing was promised. */
function gapDown(manifest: Manifest, old: Manifest): readonly Problem[] {
  const found = entryFor(manifest, old, 'down');
  if (found === null || canRead(old, manifest) || migrates(found.entry)) return [];
  const message = `data-down-gap: ${formats(old, manifest)}, and the way down does not migrate it`;
  return [{ path: ['upgrade', 'down', found.at, 'steps'], at: 'key', message, hint: 'add the migration back' }];
}

function canRead(reader: Manifest, writer: Manifest): boolean {
  const written = writer.data?.writes;
  const readable = readableBy(reader);
  return written === undefined || readable === undefined || readable.includes(written);
}

function formats(reader: Manifest, writer: Manifest): string {
  return `${bundleTitle(reader)} reads data format ${readableBy(reader)?.join(' and ')}, but ${bundleTitle(writer)} writes ${writer.data?.writes}`;
}

function readableBy({ data }: Manifest): readonly number[] | undefined {
  return data?.reads ?? (data?.writes === undefined ? undefined : [data.writes]);
}
