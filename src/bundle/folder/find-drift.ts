import { join } from 'node:path';
import { shippedFiles } from '../manifest/stored-manifest.ts';
import { contentChange, lookAt, shapeChange } from './compare-entry.ts';
import type { Damage } from './damage.ts';
import { findExtra } from './find-extra.ts';

/** What was changed by hand since `sealedAtMs`; reads only files that the kernel says were touched since. */
export async function findDrift(folder: string, sealedAtMs: number, expectDigest?: string): Promise<readonly Damage[]> {
  const files = await shippedFiles(folder, expectDigest);
  // without a trustworthy table nothing else can be said
  if (files === null)
    return [{ path: 'bundle.json', change: lookAt(join(folder, 'bundle.json')) ? 'changed' : 'missing' }];
  const damage: Damage[] = [];
  const touchedFolders = new Set<string>();
  if (isTouched(lookAt(folder)?.ctimeMs, sealedAtMs)) touchedFolders.add('');
  for (const entry of files) {
    const path = `${folder}/${entry.path}`;
    const found = lookAt(path);
    const shape = shapeChange(entry, found);
    const wasTouched = isTouched(found?.ctimeMs, sealedAtMs);
    if (shape === null && !wasTouched) continue;
    if (wasTouched && entry.type === 'directory') touchedFolders.add(entry.path);
    const looksRight = found !== undefined && (shape === null || shape === 'mode');
    const change = looksRight && wasTouched ? (contentChange(path, entry, found) ?? shape) : shape;
    if (change !== null) damage.push({ path: entry.path, change });
  }
  return [...damage, ...findExtra(folder, files, (path) => touchedFolders.has(path))];
}

// The clock of the kernel ticks every few milliseconds: the very tick of the seal counts as touched.
function isTouched(ctimeMs: number | undefined, sealedAtMs: number): boolean {
  return ctimeMs === undefined || ctimeMs >= sealedAtMs - 10;
}
