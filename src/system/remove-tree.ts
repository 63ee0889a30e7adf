import fs from 'node:fs';
import path from 'node:path';

/** Removes `top` and everything below it, read-only folders too; links are removed, not followed. Absent is fine. */
export function removeTree(top: string): void {
  const found = fs.lstatSync(top, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory()) return fs.unlinkSync(top);
  const folders = removeFiles(top);
  for (const folder of folders.toReversed()) fs.rmdirSync(folder);
}

/** Removes all that is no folder, and answers the folders, each after its parent. Not recursive: trees may be deep. */
function removeFiles(top: string): readonly string[] {
  const folders = [top];
  for (const folder of folders) {
    makeWritable(folder);
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const child = path.join(folder, entry.name);
      if (entry.isDirectory()) folders.push(child);
      else fs.unlinkSync(child);
    }
  }
  return folders;
}

function makeWritable(folder: string): void {
  const ownerMayAll = 0o700;
  if ((fs.lstatSync(folder).mode & ownerMayAll) !== ownerMayAll) fs.chmodSync(folder, ownerMayAll);
}
