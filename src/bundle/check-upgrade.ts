import semver from 'semver';
import { type Manifest, nearestWord, UPGRADE_VERBS, type UpgradeEntry, upgradeVerb } from '../model/index.ts';
import { isReplaceable } from './check-services.ts';
import type { Findings } from './check-source.ts';
import { checkSteps } from './check-steps.ts';
import type { Problem } from './manifest-source.ts';

type Direction = 'up' | 'down';
type Step = UpgradeEntry['steps'][number];

const SERVICE_VERBS = [
  'call',
  'suspend',
  'resume',
  'update',
  'reload',
  'config',
  'replace',
  'restart',
  'stop',
  'start',
];

/** Mistakes in upgrade paths, by name; docs/upgrade-paths.md#mistakes explains each. */
export function checkUpgrade(manifest: Manifest): Findings {
  const problems = (['up', 'down'] as const).flatMap((direction) => [
    ...(manifest.upgrade?.[direction] ?? []).flatMap((entry, at) => {
      const place = ['upgrade', direction, at, 'steps'];
      return [...serviceProblems(manifest, entry, place), ...checkSteps(manifest, entry, place)];
    }),
    ...overlaps(manifest, direction),
  ]);
  return { problems: [...problems, ...dataDownGaps(manifest)], warnings: downMissing(manifest) };
}

/** The versions an entry leads from (up) or to (down). */
function rangeOf(entry: UpgradeEntry): string {
  return entry.from ?? entry.to ?? '*';
}

function serviceProblems(manifest: Manifest, entry: UpgradeEntry, place: Problem['path']): readonly Problem[] {
  return entry.steps.flatMap((step, at) => [
    ...namedServices(step).flatMap(({ key, name }) => unknownService(manifest, name, [...place, at, key])),
    ...replaceOfCurrent(manifest, step, [...place, at, 'replace']),
  ]);
}

function namedServices(step: Step): readonly { readonly key: string; readonly name: string }[] {
  return [...SERVICE_VERBS, 'service'].flatMap((key) => {
    const name = step[key];
    return typeof name === 'string' ? [{ key, name }] : [];
  });
}

function unknownService(manifest: Manifest, name: string, path: Problem['path']): readonly Problem[] {
  const own = Object.keys(manifest.services ?? {});
  const [bundle = '', service] = name.split('/');
  if (service === undefined ? own.includes(name) : isOther(manifest, bundle) || own.includes(service)) return [];
  const near = nearestWord(name, own);
  const hint = near === null ? 'services are declared in "services"' : `did you mean '${near}'?`;
  return [{ path, at: 'value', message: `no-such-service: '${name}'`, hint }];
}

function isOther(manifest: Manifest, bundle: string): boolean {
  return bundle !== manifest.name;
}

function replaceOfCurrent(manifest: Manifest, step: Step, path: Problem['path']): readonly Problem[] {
  const name = step['replace'];
  const service = typeof name === 'string' ? manifest.services?.[name] : undefined;
  if (service === undefined || isReplaceable(service)) return [];
  const message = `replace-needs-exact: old and new '${String(name)}' would both run from 'current'`;
  return [{ path, at: 'value', message, hint: 'use "path": "exact" in the service' }];
}

// Two entries for one version: which way is taken would depend on details nobody reads.
function overlaps(manifest: Manifest, direction: Direction): readonly Problem[] {
  const entries = manifest.upgrade?.[direction] ?? [];
  return entries.flatMap((entry, at) => {
    const earlier = entries.slice(0, at).find((other) => semver.intersects(rangeOf(other), rangeOf(entry)));
    if (earlier === undefined) return [];
    const message = `range-overlap-ambiguous: '${rangeOf(entry)}' and '${rangeOf(earlier)}' share versions`;
    const path = ['upgrade', direction, at, direction === 'up' ? 'from' : 'to'];
    return [{ path, at: 'value' as const, message, hint: 'make the ranges exclude each other' }];
  });
}

// Up changes the data and down does not change it back: the older version would find a format it cannot read.
function dataDownGaps(manifest: Manifest): readonly Problem[] {
  const migrating = (manifest.upgrade?.up ?? []).filter(changesData);
  return (manifest.upgrade?.down ?? []).flatMap((entry, at) => {
    const up = migrating.find((other) => semver.intersects(rangeOf(other), rangeOf(entry)));
    if (up === undefined || changesData(entry)) return [];
    const message = `data-down-gap: the way up from '${rangeOf(up)}' migrates data, the way down to '${rangeOf(entry)}' does not`;
    return [{ path: ['upgrade', 'down', at, 'steps'], at: 'key' as const, message, hint: 'add the migration back' }];
  });
}

function changesData(entry: UpgradeEntry): boolean {
  return entry.steps.some((step) => upgradeVerb(step) === 'migrate');
}

// Only a warning: without a way down the default is taken, which is right for most bundles.
function downMissing(manifest: Manifest): readonly string[] {
  const down = manifest.upgrade?.down ?? [];
  return (manifest.upgrade?.up ?? []).flatMap((entry) => {
    if (down.some((other) => semver.intersects(rangeOf(other), rangeOf(entry)))) return [];
    const isHarmless = entry.steps.every((step) => UPGRADE_VERBS[upgradeVerb(step) ?? 'check'] === 'none');
    if (isHarmless) return [];
    return [
      `down-missing: upgrade.up from '${rangeOf(entry)}' has no way back in upgrade.down: pkg downgrade would need --force`,
    ];
  });
}
