import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import type { BundleId } from '../../model/index.ts';
import { type Layout, readDataFormats, writeDataFormats } from '../../store/index.ts';
import { committedNumbers } from '../facts/committed-numbers.ts';
import { storedManifest } from '../facts/installed.ts';
import { readableGeneration } from '../facts/read-current.ts';
import { isOpen, readTransactions } from '../facts/read-transactions.ts';
import type { Found } from './find-damage.ts';
import type { Unrepaired } from './repair-bundle.ts';

/** The note of data formats, where it cannot be read or is not what the live versions write. */
export async function damagedFormats(layout: Layout, live: number | null): Promise<readonly Found[]> {
  const noted = readableFormats(layout);
  if (noted !== null && (await agrees(noted, live, layout))) return [];
  const change = fs.existsSync(layout.dataFormats) ? 'changed' : 'missing';
  return [{ bundle: null, path: path.relative(layout.root, layout.dataFormats), change }];
}

/** Notes what the live generation writes, else what was noted, else what the newest good one did; other data is named. */
export async function repairFormats(layout: Layout, live: number | null): Promise<readonly Unrepaired[]> {
  if ((await damagedFormats(layout, live)).length === 0) return [];
  const noted = readableFormats(layout);
  const good = committedNumbers(layout, readTransactions(layout));
  const known = await formatsIn(good, layout);
  const ofLive = await formatsIn(live === null ? [] : [live], layout);
  const kept = [...known, ...(noted ?? [])].filter(([name]) => fs.existsSync(layout.dataOf(name)));
  const formats = new Map([...kept, ...ofLive]);
  writeDataFormats(layout, formats);
  if (noted !== null) return [];
  // Not every bundle that has data says in which format.
  const named = new Set(bundlesIn(good, layout).map(({ name }) => name));
  return dataFolders(layout)
    .filter((name) => !formats.has(name) && !named.has(name))
    .map((name) => ({
      message: `which format the data of ${name} has is lost: no good generation has ${name} any more`,
      hint: `if you know it, write it into ${layout.dataFormats}`,
    }));
}

/** In the middle of a change the note may be ahead of what is live, or behind it. */
async function agrees(noted: ReadonlyMap<string, number>, live: number | null, layout: Layout): Promise<boolean> {
  if (live === null || readTransactions(layout).some(isOpen)) return true;
  const written = await formatsIn([live], layout);
  return [...written].every(([name, format]) => noted.get(name) === format);
}

/** Bundle -> the format that its version in the last of these generations writes. */
async function formatsIn(numbers: readonly number[], layout: Layout): Promise<ReadonlyMap<string, number>> {
  const formats = new Map<string, number>();
  for (const bundle of bundlesIn(numbers, layout)) {
    const manifest = await storedManifest(layout, bundle).catch(() => null);
    if (manifest?.data?.writes !== undefined) formats.set(bundle.name, manifest.data.writes);
  }
  return formats;
}

function bundlesIn(numbers: readonly number[], layout: Layout): readonly BundleId[] {
  return numbers.flatMap((number) => readableGeneration(layout, number)?.bundles ?? []);
}

function dataFolders(layout: Layout): readonly string[] {
  return fs.existsSync(layout.data) ? fs.readdirSync(layout.data) : [];
}

function readableFormats(layout: Layout): ReadonlyMap<string, number> | null {
  try {
    return readDataFormats(layout);
  } catch (error) {
    if (error instanceof PkgError && error.code === 'root-damaged') return null;
    throw error;
  }
}
