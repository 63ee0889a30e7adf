import fs from 'node:fs';

/** Room for us on the file system of `folder`. */
export function freeSpace(folder: string): { readonly bytes: number; readonly inodes: number } {
  const { bavail, bsize, files, ffree } = fs.statfsSync(folder);
  // btrfs makes inodes as it needs them and answers 0 of 0.
  return { bytes: bavail * bsize, inodes: files === 0 ? Number.MAX_SAFE_INTEGER : ffree };
}
