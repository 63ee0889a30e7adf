import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { FileEntry } from '../../model/index.ts';
import { shippedFiles } from '../manifest/stored-manifest.ts';
import { contentChange, lookAt, shapeChange } from './compare-entry.ts';
import type { Damage } from './damage.ts';
import { findExtra } from './find-extra.ts';

// between two looks at the world: signals are heard and screens are drawn
const BYTES_AT_ONCE = 8 * 1024 * 1024;
const ENTRIES_AT_ONCE = 500;

/** Compares every file of an unpacked bundle with what was shipped; `extra` ones are for the caller to weigh. */
export async function verifyFolder(folder: string, expectDigest: string): Promise<readonly Damage[]> {
  const files = await shippedFiles(folder, expectDigest);
  // without a trustworthy table nothing else can be said
  if (files === null)
    return [{ path: 'bundle.json', change: lookAt(join(folder, 'bundle.json')) ? 'changed' : 'missing' }];
  const damage: Damage[] = [];
  let [bytes, entries] = [0, 0];
  for (const entry of files) {
    const change = changeOf(join(folder, entry.path), entry);
    if (change !== null) damage.push({ path: entry.path, change });
    bytes += entry.type === 'file' ? entry.size : 0;
    entries += 1;
    if (bytes < BYTES_AT_ONCE && entries < ENTRIES_AT_ONCE) continue;
    [bytes, entries] = [0, 0];
    await setImmediate();
  }
  return [...damage, ...findExtra(folder, files)];
}

// Content says more than mode: a file that was both edited and made writable is `changed`.
function changeOf(path: string, entry: FileEntry): Damage['change'] | null {
  const found = lookAt(path);
  const shape = shapeChange(entry, found);
  if (found === undefined || (shape !== null && shape !== 'mode')) return shape;
  return contentChange(path, entry, found) ?? shape;
}
