import semver from 'semver';
import { type Manifest, UPGRADE_VERBS, type UpgradeEntry, upgradeVerb } from '../../model/index.ts';
import type { Problem } from '../manifest/manifest-source.ts';
import { rangeOf } from './check-ranges.ts';
import type { Findings } from './check-source.ts';

/** Data that a version could not read again, and ways up without a way back. */
export function checkDataWays(manifest: Manifest): Findings {
  return { problems: [...unreadable(manifest), ...downGaps(manifest)], warnings: downMissing(manifest) };
}

/** Whether the steps of a way change the format of data. */
export function migrates(entry: UpgradeEntry): boolean {
  return entry.steps.some((step) => upgradeVerb(step) === 'migrate');
}

function unreadable({ data }: Manifest): readonly Problem[] {
  const { reads, writes } = data ?? {};
  if (reads === undefined || writes === undefined || reads.includes(writes)) return [];
  const message = `data-unreadable: it writes format ${writes}, but reads only ${reads.join(' and ') || 'none'}`;
  return [{ path: ['data', 'reads'], at: 'value', message, hint: `add ${writes} to "reads"` }];
}

// Up changes the data and down does not change it back: the older version would find a format it cannot read.
function downGaps(manifest: Manifest): readonly Problem[] {
  const migrating = (manifest.upgrade?.up ?? []).filter(migrates);
  return (manifest.upgrade?.down ?? []).flatMap((entry, at) => {
    const up = migrating.find((other) => semver.intersects(rangeOf(other), rangeOf(entry)));
    if (up === undefined || migrates(entry)) return [];
    const message = `data-down-gap: the way up from '${rangeOf(up)}' migrates data, the way down to '${rangeOf(entry)}' does not`;
    return [{ path: ['upgrade', 'down', at, 'steps'], at: 'key' as const, message, hint: 'add the migration back' }];
  });
}

// Only a warning: without a way down the default is taken, which is right for most bundles.
function downMissing(manifest: Manifest): readonly string[] {
  const down = manifest.upgrade?.down ?? [];
  return (manifest.upgrade?.up ?? []).flatMap((entry) => {
    if (down.some((other) => semver.intersects(rangeOf(other), rangeOf(entry)))) return [];
    const isHarmless = entry.steps.every((step) => UPGRADE_VERBS[upgradeVerb(step) ?? 'check'] === 'none');
    if (isHarmless) return [];
    const data = migrates(entry) ? ', and nothing would migrate the data back' : '';
    return [
      `down-missing: upgrade.up from '${rangeOf(entry)}' has no way back in upgrade.down: pkg downgrade would need --force${data}`,
    ];
  });
}
