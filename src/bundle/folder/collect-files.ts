import { isUtf8 } from 'node:buffer';
import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import ignore from 'ignore';
import { comparePaths, parentOf } from '../archive/entry-path.ts';

/** Something of the source folder that goes into the bundle; `file` is where its bytes are now. */
export type SourceEntry =
  | { readonly type: 'file'; readonly path: string; readonly file: string; readonly executable: boolean }
  | { readonly type: 'directory'; readonly path: string }
  | { readonly type: 'symlink'; readonly path: string; readonly target: string };

export type SourceProblem = { readonly path: string; readonly message: string };

export type Collected = { readonly entries: readonly SourceEntry[]; readonly problems: readonly SourceProblem[] };

export type CollectOptions = {
  readonly folder: string;
  readonly outDir: string;
  readonly bundleName: string;
  readonly include: readonly string[];
  /** Paths that no pattern can leave out: hooks. */
  readonly always: ReadonlySet<string>;
};

/** Lists what the source folder gives to the bundle, sorted, folders included. */
export function collectFiles(o: CollectOptions): Collected {
  const entries: SourceEntry[] = [];
  const problems: SourceProblem[] = [];
  const wanted = chooser(o, problems);
  const outPath = relative(resolve(o.folder), resolve(o.outDir)).split(sep).join('/');
  const visit = (below: string): void => {
    for (const found of readdirSync(join(o.folder, below), { withFileTypes: true, encoding: 'buffer' })) {
      const path = pathOf(below, found, problems);
      if (path === null || isOurs(path, { outPath, name: o.bundleName })) continue;
      const choice = wanted(path, found.isDirectory());
      if (choice === 'never') continue;
      if (choice === 'yes') add(o.folder, path, { found, entries, problems });
      if (found.isDirectory()) visit(path);
    }
  };
  visit('');
  return { entries: withFolders(withoutEmptyOutput(entries, outPath)), problems };
}

/** The two lists of names an author can write, as one question; `inside` = not this folder, but perhaps things in it. */
function chooser(
  o: CollectOptions,
  problems: SourceProblem[],
): (path: string, isFolder: boolean) => 'yes' | 'inside' | 'never' {
  const ignored = ignore().add(ignoreFile(o.folder, problems));
  // anchored at the top, so that they read like globs: `*.js` is not `**/*.js`
  const included = ignore().add(o.include.map((glob) => (glob.startsWith('!') ? `!/${glob.slice(1)}` : `/${glob}`)));
  const always = new Set(o.always);
  for (const path of o.always) {
    for (let above = parentOf(path); above !== ''; above = parentOf(above)) always.add(`${above}/`);
  }
  return (path, isFolder) => {
    if (always.has(path)) return 'yes';
    const written = isFolder ? `${path}/` : path;
    const otherwise = always.has(written) ? 'inside' : 'never';
    if (ignored.ignores(written)) return otherwise;
    if (included.ignores(written)) return 'yes';
    return isFolder ? 'inside' : 'never';
  };
}

// One that is there and cannot be read would let in all that its author wants out.
function ignoreFile(folder: string, problems: SourceProblem[]): string {
  const file = join(folder, '.pkgignore');
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return '';
  try {
    // A pipe would be waited for, and no signal ends that.
    if (statSync(file).isFile()) return readFileSync(file, 'utf8');
  } catch {
    // what stands there is told below
  }
  problems.push({ path: '.pkgignore', message: 'it is no file that can be read' });
  return '';
}

function pathOf(below: string, found: Dirent<Buffer>, problems: SourceProblem[]): string | null {
  const name = found.name.toString('utf8');
  const path = below === '' ? name : `${below}/${name}`;
  if (isUtf8(found.name)) return path;
  problems.push({ path, message: 'its name is not UTF-8' });
  return null;
}

// Version control, our own files, and what an earlier build of the same bundle wrote, here or into the folder of this one.
function isOurs(path: string, out: { readonly outPath: string; readonly name: string }): boolean {
  if (path === 'bundle.json' || path === '.pkgignore') return true;
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === '.git') return true;
  if (!['', out.outPath].includes(parentOf(path))) return false;
  const product = name.replace(/^\./, '').replace(/\.[0-9a-f]{12}\.tmp$/, '');
  return product.startsWith(`${out.name}-`) && /^\d[^/]*\.tgz$/.test(product.slice(out.name.length + 1));
}

function add(
  folder: string,
  path: string,
  to: { found: Dirent<Buffer>; entries: SourceEntry[]; problems: SourceProblem[] },
): void {
  const file = join(folder, path);
  if (to.found.isDirectory()) to.entries.push({ type: 'directory', path });
  else if (to.found.isSymbolicLink()) addLink(file, path, to);
  else if (to.found.isFile()) {
    const executable = (lstatSync(file).mode & 0o100) !== 0;
    to.entries.push({ type: 'file', path, file, executable });
  } else to.problems.push({ path, message: `${kindOf(to.found)} cannot go into a bundle` });
}

function addLink(file: string, path: string, to: { entries: SourceEntry[]; problems: SourceProblem[] }): void {
  const bytes = readlinkSync(file, 'buffer');
  if (isUtf8(bytes)) to.entries.push({ type: 'symlink', path, target: bytes.toString('utf8') });
  else to.problems.push({ path, message: 'its link target is not UTF-8' });
}

function kindOf(found: Dirent<Buffer>): string {
  if (found.isFIFO()) return 'a fifo';
  return found.isSocket() ? 'a socket' : 'a device';
}

// The folder that the build itself makes below the source must not change what the next build packs.
function withoutEmptyOutput(entries: readonly SourceEntry[], outPath: string): readonly SourceEntry[] {
  if (outPath === '' || outPath.startsWith('..')) return entries;
  const chain = new Set<string>();
  for (let path = outPath; path !== ''; path = parentOf(path)) chain.add(path);
  const others = entries.filter((entry) => entry.type !== 'directory' || !chain.has(entry.path));
  return [
    ...others,
    ...entries.filter(
      (entry) => chain.has(entry.path) && others.some((other) => other.path.startsWith(`${entry.path}/`)),
    ),
  ];
}

function withFolders(entries: readonly SourceEntry[]): readonly SourceEntry[] {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  for (const { path } of entries) {
    for (let above = parentOf(path); above !== '' && !byPath.has(above); above = parentOf(above)) {
      byPath.set(above, { type: 'directory', path: above });
    }
  }
  return [...byPath.values()].toSorted((a, b) => comparePaths(a.path, b.path));
}
