import fs from 'node:fs';
import type { Layout } from '../../store/index.ts';

/** Folders that only the owner of the root can read; others are told that these are missing. */
export function unreadFolders({ transactions, run }: Layout): readonly string[] {
  return [transactions, run].filter((folder) => isDenied(folder));
}

function isDenied(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.R_OK | fs.constants.X_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES';
  }
}
