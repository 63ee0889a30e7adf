import fs from 'node:fs';
import { nameBelow } from './remove-tree.ts';

/** How much lies in a folder: bytes that its files take on the disk, and how many things there are. */
export type Measure = { readonly bytes: number; readonly entries: number };

/** Looks at everything below `top` without following links; what may not be read counts as nothing, absent is empty. */
export function measureTree(top: string): Measure {
  const counted = new Set<string>();
  let [bytes, entries] = [0, 0];
  const folders: Buffer[] = [Buffer.from(top)];
  for (const folder of folders) {
    for (const entry of namesIn(folder)) {
      const child = nameBelow(folder, entry.name);
      const found = fs.lstatSync(child, { throwIfNoEntry: false });
      if (found === undefined) continue;
      entries += 1;
      const inode = `${found.dev} ${found.ino}`;
      if (found.nlink === 1 || !counted.has(inode)) bytes += (found.blocks ?? 0) * 512;
      if (found.isDirectory()) folders.push(child);
      else if (found.nlink > 1) counted.add(inode);
    }
  }
  return { bytes, entries };
}

function namesIn(folder: Buffer): readonly fs.Dirent<Buffer>[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch {
    return [];
  }
}
