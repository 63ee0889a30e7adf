import type { FileEntry } from '../../model/index.ts';
import { parentOf } from './entry-path.ts';

type Link = Extract<FileEntry, { type: 'symlink' }>;

// the kernel gives up after 40 links as well (ELOOP)
const MOST_HOPS = 40;

/** Whether following the link, through other links of the table too, ever steps out of the bundle. */
export function leavesBundle(link: Link, byPath: ReadonlyMap<string, FileEntry>): boolean {
  return endOfLink(link, byPath) === null;
}

/** The path of the bundle that a link leads to in the end, whether or not something is there; null = it leaves the bundle. */
export function endOfLink(link: Link, byPath: ReadonlyMap<string, FileEntry>): string | null {
  let at = namesOf(parentOf(link.path));
  let rest = namesOf(link.target);
  if (link.target.startsWith('/') || link.target === '' || link.target.includes('\0')) return null;
  for (let hops = 0; rest.length > 0; ) {
    const [name = '', ...after] = rest;
    rest = after;
    if (name === '..' && at.length === 0) return null;
    // `..` is taken from where the links before it really lead: d -> sub/deep makes d/.. mean sub
    at = name === '..' ? at.slice(0, -1) : [...at, name];
    const found = name === '..' ? undefined : byPath.get(at.join('/'));
    if (found?.type !== 'symlink') continue;
    hops += 1;
    if (hops > MOST_HOPS || found.target.startsWith('/')) return null;
    rest = [...namesOf(found.target), ...rest];
    at = at.slice(0, -1);
  }
  return at.join('/');
}

function namesOf(path: string): readonly string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}
