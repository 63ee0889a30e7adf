import { appendFileSync, copyFileSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type Tree = { readonly folder: string; readonly files: number; readonly bytes: number };

const SMALL = 64 * 1024;

/**
 * Makes a bundle folder of real files: the packages of this checkout, then their small files again and again, each a
 * little different, until there are enough.
 */
export function makeTree(folder: string, packages: string, wanted: { files: number; largest: number }): Tree {
  mkdirSync(folder, { recursive: true });
  // What begins with a dot is no package: caches there would make another tree of every run.
  const shipped = listFiles(packages).filter((file) => !file.path.startsWith('.') && file.size <= wanted.largest);
  const all = shipped.slice(0, wanted.files);
  const small = shipped.filter((file) => file.size <= SMALL);
  for (const file of all) put(join(packages, file.path), join(folder, 'packages', file.path));
  for (let round = 1; all.length < wanted.files; round += 1) {
    for (const file of small.slice(0, wanted.files - all.length)) {
      const copy = join(folder, `copy-${round}`, file.path);
      put(join(packages, file.path), copy);
      appendFileSync(copy, `\n# copy ${round} of ${file.path}\n`);
      all.push(file);
    }
  }
  writeManifest(folder, '1.0.0');
  return { folder, files: all.length, bytes: all.reduce((sum, file) => sum + file.size, 0) };
}

/** Changes one file in twenty and raises the version; returns the bytes of the files that changed. */
export function changeTree(tree: Tree, version: string): { readonly files: number; readonly bytes: number } {
  const small = listFiles(tree.folder).filter((file) => file.path !== 'bundle.json' && file.size <= SMALL);
  const changed = small.filter((_, at) => at % Math.floor(small.length / (tree.files / 20)) === 0);
  for (const file of changed) appendFileSync(join(tree.folder, file.path), `\n# changed in ${version}\n`);
  writeManifest(tree.folder, version);
  return { files: changed.length, bytes: changed.reduce((sum, file) => sum + file.size, 0) };
}

function writeManifest(folder: string, version: string): void {
  writeFileSync(join(folder, 'bundle.json'), JSON.stringify({ name: 'bench', version }));
}

type Found = { readonly path: string; readonly size: number };

// Sorted, so that every run makes the same tree; links are left out, not every package manager keeps them.
function listFiles(folder: string): readonly Found[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((file) => ({ path: file.slice(folder.length + 1), size: lstatSync(file).size }));
}

function put(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}
