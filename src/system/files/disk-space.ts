import fs from 'node:fs';

/** Room for us on the file system of `folder`. */
export function freeSpace(folder: string): { readonly bytes: number; readonly inodes: number } {
  const { bavail, bsize, files, ffree } = fs.statfsSync(folder);
  // btrfs makes inodes as it needs them and answers 0 of 0.
  return { bytes: bavail * bsize, inodes: files === 0 ? Number.MAX_SAFE_INTEGER : ffree };
}

/** btrfs, xfs and bcachefs, by the magic numbers of linux/magic.h. */
const SHARING = new Set([0x9123683e, 0x58465342, 0xca451a4e]);

/** Whether copies on the file system of `folder` share their blocks until one of them changes. */
export function sharesBlocks(folder: string): boolean {
  return SHARING.has(fs.statfsSync(folder).type);
}
