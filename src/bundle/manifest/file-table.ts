import type { FileEntry } from '../../model/index.ts';
import { comparePaths, parentOf, pathRule } from '../archive/entry-path.ts';
import { leavesBundle } from '../archive/resolve-link.ts';
import type { Breach, Rule } from '../archive/rules.ts';

const BEYOND_ASCII = /[^\0-\x7f]/;

/** Every rule that the table of a bundle breaks by itself, before any content is looked at. */
export function* tableBreaches(files: readonly FileEntry[]): Generator<Breach> {
  const byPath = new Map<string, FileEntry>();
  // only names beyond ASCII, which can be the same as others in another form
  const byUnicode = new Map<string, string>();
  let previous = '';
  for (const entry of files) {
    const { path } = entry;
    const rule = pathRule(path) ?? (isReserved(path) ? 'reserved-path' : null);
    if (rule !== null) yield { rule, entry: path };
    if (byPath.has(path)) yield { rule: 'duplicate-path', entry: path };
    else if (comparePaths(previous, path) > 0) yield { rule: 'entry-order', entry: path };
    const unicode = BEYOND_ASCII.test(path) ? path.normalize('NFC') : path;
    const twin = byUnicode.get(unicode) ?? (unicode === path ? undefined : byPath.get(unicode)?.path);
    if (twin !== undefined && twin !== path) yield { rule: 'same-name-in-unicode', entry: path, found: twin };
    const above = parentRule(path, byPath);
    if (above !== null) yield { rule: above, entry: path };
    byPath.set(path, entry);
    if (BEYOND_ASCII.test(path)) byUnicode.set(unicode, path);
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

function parentRule(path: string, byPath: ReadonlyMap<string, FileEntry>): Rule | null {
  const parent = parentOf(path);
  if (parent === '') return null;
  const above = byPath.get(parent);
  if (above === undefined) return 'parent-missing';
  return above.type === 'directory' ? null : 'below-a-link';
}

function isReserved(path: string): boolean {
  return path === 'bundle.json' || path.startsWith('bundle.json/');
}
