import fs from 'node:fs';
import path from 'node:path';
import { copiesData, type DataFolder, type Facts, type Manifest } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { freeSpace, isWritable, measureTree, sharesBlocks } from '../../system/index.ts';

/** Measures the data of bundles that may be backed up on their way; others would be looked through in vain. */
export function gatherData(layout: Layout, manifests: readonly Manifest[]): Facts['dataFolders'] {
  const names = new Set(manifests.filter(isCopied).map(({ name }) => name));
  const there = [...names].filter((name) => fs.existsSync(layout.dataOf(name)));
  return new Map(there.map((name) => [name, dataFolder(layout, name)]));
}

function isCopied({ upgrade }: Manifest): boolean {
  return [...(upgrade?.up ?? []), ...(upgrade?.down ?? [])].some(({ steps }) => steps.some(copiesData));
}

function dataFolder(layout: Layout, name: string): DataFolder {
  const folder = fs.realpathSync(layout.dataOf(name));
  const copies = copiesOf(folder, layout);
  return {
    folder,
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
