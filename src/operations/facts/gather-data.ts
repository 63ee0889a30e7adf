import fs from 'node:fs';
import path from 'node:path';
import type { DataFolder, Facts } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { freeSpace, isWritable, measureTree, sharesBlocks } from '../../system/index.ts';

/** Measures the data of these bundles, if there is any, and the free space beside it. */
export function gatherData(names: readonly string[], layout: Layout): Facts['dataFolders'] {
  const there = names.filter((name) => fs.existsSync(layout.dataOf(name)));
  return new Map(there.map((name) => [name, dataFolder(layout, name)]));
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
