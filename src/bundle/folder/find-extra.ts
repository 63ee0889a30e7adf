import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry } from '../../model/index.ts';
import type { Damage } from './damage.ts';

/** Entries below an unpacked bundle that were not shipped; `changed` limits the look to folders of interest. */
export function findExtra(
  folder: string,
  files: readonly FileEntry[],
  isOfInterest: (path: string) => boolean = () => true,
): readonly Damage[] {
  const folders = ['', ...files.flatMap((entry) => (entry.type === 'directory' ? [entry.path] : []))];
  const interesting = folders.filter((path) => isOfInterest(path));
  // the usual answer, and a table can be long
  if (interesting.length === 0) return [];
  const known = new Set(files.map((entry) => entry.path));
  return interesting
    .flatMap((below) => namesIn(join(folder, below)).map((name) => (below === '' ? name : `${below}/${name}`)))
    .filter((path) => path !== 'bundle.json' && !known.has(path))
    .map((path) => ({ path, change: 'extra' as const }));
}

// A folder that is missing, or no folder any more, is damage of its own and reported as such.
function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
