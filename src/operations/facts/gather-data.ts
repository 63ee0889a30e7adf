import fs from 'node:fs';
import path from 'node:path';
import { copiesData, type DataFolder, type Facts, type Manifest } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { freeSpace, isWritable, measureTree, sharesBlocks } from '../../system/index.ts';

/** Measures the data of bundles that may be backed up on their way; others would be looked through in vain. */
export function gatherData(layout: Layout, manifests: readonly Manifest[]): Facts['dataFolders'] {
  return measured(
    layout,
    manifests.filter(isCopied).map(({ name }) => name),
  );
}

/** The same facts, with the data that a purge would delete. */
export function withPurged(facts: Facts, names: readonly string[], layout: Layout): Facts {
  return { ...facts, dataFolders: new Map([...facts.dataFolders, ...measured(layout, names)]) };
}

function isCopied({ upgrade }: Manifest): boolean {
  return [...(upgrade?.up ?? []), ...(upgrade?.down ?? [])].some(({ steps }) => steps.some(copiesData));
}

function measured(layout: Layout, names: readonly string[]): ReadonlyMap<string, DataFolder> {
  const there = [...new Set(names)].filter((name) => fs.existsSync(layout.dataOf(name)));
  return new Map(there.map((name) => [name, dataFolder(layout, name)]));
}

function dataFolder(layout: Layout, name: string): DataFolder {
  const at = layout.dataOf(name);
  const folder = fs.realpathSync(at);
  const copies = copiesOf(folder, layout);
  return {
    folder,
    isLink: fs.lstatSync(at).isSymbolicLink(),
    ...measureTree(folder),
    copies: {
      folder: copies,
      isWithRoot: fs.statSync(copies).dev === fs.statSync(layout.root).dev,
      space: freeSpace(copies),
      sharesBlocks: sharesBlocks(copies) && fs.statSync(copies).dev === fs.statSync(folder).dev,
    },
  };
}

/** Beside the data, on its file system; below data/ where that is a mount point, or belongs to somebody else. */
function copiesOf(folder: string, { data }: Layout): string {
  const beside = path.dirname(folder);
  return fs.statSync(beside).dev === fs.statSync(folder).dev && isWritable(beside) ? beside : data;
}
