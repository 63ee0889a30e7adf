import fs from 'node:fs';

/** Removes `top` and everything below it, read-only folders too; links are removed, not followed. Absent is fine. */
export function removeTree(top: string | Buffer): void {
  const found = fs.lstatSync(top, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isDirectory()) return fs.unlinkSync(top);
  const folders = removeFiles(Buffer.from(top));
  for (const folder of folders.toReversed()) fs.rmdirSync(folder);
}

/** Removes everything below `top`, which stays: a mount point cannot go. */
export function emptyTree(top: string): void {
  for (const folder of removeFiles(Buffer.from(top)).slice(1).toReversed()) fs.rmdirSync(folder);
}

/** Lets its owner read and change a folder. */
export function makeWritable(folder: string | Buffer): void {
  const ownerMayAll = 0o700;
  const { mode } = fs.lstatSync(folder);
  if ((mode & ownerMayAll) !== ownerMayAll) fs.chmodSync(folder, (mode & 0o7777) | ownerMayAll);
}

/** A name in a folder, as bytes: what others wrote need not be UTF-8. */
export function nameBelow(folder: Buffer, name: Buffer): Buffer {
  return Buffer.concat([folder, Buffer.from('/'), name]);
}

/** Removes all that is no folder, and answers the folders, each after its parent. Not recursive: trees may be deep. */
function removeFiles(top: Buffer): readonly Buffer[] {
  const folders: Buffer[] = [top];
  for (const folder of folders) {
    makeWritable(folder);
    for (const entry of fs.readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })) {
      const child = nameBelow(folder, entry.name);
      if (entry.isDirectory()) folders.push(child);
      else fs.unlinkSync(child);
    }
  }
  return folders;
}
