import path from 'node:path';
import type { Generation } from '../../model/index.ts';
import { generationNumbers, type Layout, openRoot, readPointer } from '../../store/index.ts';
import { findRecord, liveNumber } from '../facts/generation-record.ts';
import { outcomeOf, readTransactions } from '../facts/read-transactions.ts';
import { serviceLeftovers } from '../service/leftovers.ts';
import { damagedConfig } from './config-damage.ts';
import { damagedArchives } from './damaged-archives.ts';
import { damagedBundles, damagedExternalLinks, damagedLinks, type Found, missingRevisions } from './find-damage.ts';
import { damagedFormats } from './format-damage.ts';
import { damagedSettings } from './settings-damage.ts';
import { damagedUnits } from './unit-damage.ts';

/** The answer of verify. `repaired` is what was repaired before the last look. */
export type Verified = {
  readonly generation: number | null;
  readonly ok: boolean;
  readonly damage: readonly Found[];
  /** Extra files: somebody added them; what was shipped is untouched. */
  readonly warnings: readonly Found[];
  readonly repaired: readonly Found[];
};

/** Compares everything of the live generation, or of every one on disk and its archives, with how it was made. Changes nothing. */
export async function verify(root: string, { all }: { readonly all: boolean }): Promise<Verified> {
  const layout = openRoot(root);
  if (layout === null) return verified(null, [], []);
  const live = liveNumber(layout);
  const found = [...(await damageOf(live, layout, { isLive: true })), ...pointerDamage(live, layout)];
  const others = all ? generationNumbers(layout).filter((number) => number !== live) : [];
  for (const number of others) found.push(...(await damageOf(number, layout, { isLive: false })));
  if (all) found.push(...(await archiveDamage(layout)));
  found.push(...(await unnamedRecords(layout)), ...(await damagedFormats(layout, live)));
  return verified(live, found, []);
}

/** The answer for what was found: extra files are no damage. */
export function verified(generation: number | null, found: readonly Found[], repaired: readonly Found[]): Verified {
  const each = new Map(found.map((one) => [JSON.stringify(one), one]));
  const damage = [...each.values()].filter(({ change }) => change !== 'extra');
  const warnings = [...each.values()].filter(({ change }) => change === 'extra');
  return { generation, ok: damage.length === 0, damage, warnings, repaired };
}

async function damageOf(
  number: number | null,
  layout: Layout,
  { isLive }: { readonly isLive: boolean },
): Promise<Found[]> {
  if (number === null) return [];
  const record = findRecord(layout, number);
  const recordPath = `generations/${number}/generation.json`;
  if (record === null) return [{ bundle: null, path: recordPath, change: 'changed' }];
  const { generation, state } = record;
  const found: Found[] = state === 'whole' ? [] : [{ bundle: null, path: recordPath, change: state }];
  const broken = await damagedBundles(layout, generation);
  for (const { bundle, damage } of broken) found.push(...damage.map((one) => ({ bundle: bundle.name, ...one })));
  found.push(...missingRevisions(layout, generation), ...damagedSettings(layout, generation));
  found.push(...damagedConfig(layout, generation));
  // The manifests say what the links must be.
  if (broken.some(({ damage }) => damage.some((one) => one.path === 'bundle.json'))) return found;
  const links = await linkDamage(layout, generation, isLive);
  // What a unit must say is read from the record on disk: one that is damaged is written again first.
  const units = isLive && state === 'whole' ? await damagedUnits(layout, generation, NOBODY) : [];
  return [...found, ...links, ...units];
}

async function archiveDamage(layout: Layout): Promise<readonly Found[]> {
  const found: Found[] = [];
  const transactions = readTransactions(layout);
  for (const number of generationNumbers(layout)) {
    const record = findRecord(layout, number);
    // A failed generation is only kept for analysis, and has no archives.
    if (record !== null && outcomeOf(number, transactions) !== 'bad')
      found.push(...(await damagedArchives(layout, record.generation)));
  }
  return found;
}

/** Records of services that no generation has: no command reaches such a service, which may even run. */
async function unnamedRecords(layout: Layout): Promise<readonly Found[]> {
  const generations = generationNumbers(layout).flatMap((number) => findRecord(layout, number)?.generation ?? []);
  const { records, running } = await serviceLeftovers(layout, generations);
  return [...records, ...running].map((file) => ({
    bundle: null,
    path: path.relative(layout.root, file),
    change: 'extra' as const,
  }));
}

async function linkDamage(layout: Layout, generation: Generation, isLive: boolean): Promise<readonly Found[]> {
  const outside = isLive ? await damagedExternalLinks(layout, generation) : [];
  return [...(await damagedLinks(layout, generation)), ...outside];
}

/** Looking at units starts nothing, so the user and the program do not matter. */
const NOBODY = { home: '/', node: '/', program: '/' };

function pointerDamage(live: number | null, layout: Layout): readonly Found[] {
  const pointer = readPointer(layout);
  if (pointer.kind === 'generation' && pointer.number === live) return [];
  if (pointer.kind === 'absent') return live === null ? [] : [{ bundle: null, path: 'current', change: 'missing' }];
  return [{ bundle: null, path: 'current', change: 'changed' }];
}
