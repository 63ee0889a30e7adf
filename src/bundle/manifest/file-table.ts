import type { FileEntry } from '../../model/index.ts';
import { comparePaths, parentOf, pathRule } from '../archive/entry-path.ts';
import { leavesBundle } from '../archive/resolve-link.ts';
import type { Breach } from '../archive/rules.ts';

/** Every rule that the table of a bundle breaks by itself, before any content is looked at. */
export function* tableBreaches(files: readonly FileEntry[]): Generator<Breach> {
  const byPath = new Map<string, FileEntry>();
  const byUnicode = new Map<string, string>();
  let previous = '';
  for (const entry of files) {
    const { path } = entry;
    const rule = pathRule(path) ?? (isReserved(path) ? 'reserved-path' : null);
    if (rule !== null) yield { rule, entry: path };
    if (byPath.has(path)) yield { rule: 'duplicate-path', entry: path };
    else if (comparePaths(previous, path) > 0) yield { rule: 'entry-order', entry: path };
    const unicode = path.normalize('NFC');
    const twin = byUnicode.get(unicode);
    if (twin !== undefined && twin !== path) yield { rule: 'same-name-in-unicode', entry: path, found: twin };
    yield* parentBreaches(path, byPath);
    byPath.set(path, entry);
    byUnicode.set(unicode, path);
    previous = path;
  }
  for (const entry of files) {
    if (entry.type !== 'symlink' || !leavesBundle(entry, byPath)) continue;
    yield { rule: 'link-leaves', entry: entry.path, found: entry.target };
  }
}

/** Bytes of content below a bundle folder. */
export function contentSize(files: readonly FileEntry[]): number {
  return files.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0);
}

function* parentBreaches(path: string, byPath: ReadonlyMap<string, FileEntry>): Generator<Breach> {
  const parent = parentOf(path);
  if (parent === '') return;
  const above = byPath.get(parent);
  if (above === undefined) yield { rule: 'parent-missing', entry: path };
  else if (above.type !== 'directory') yield { rule: 'below-a-link', entry: path };
}

function isReserved(path: string): boolean {
  return path === 'bundle.json' || path.startsWith('bundle.json/');
}
