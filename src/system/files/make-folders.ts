import fs from 'node:fs';
import path from 'node:path';

/** Makes a folder and those above it; Node's own way tries for ever where a file system takes none, such as `/proc`. */
export function makeFolders(folder: string): void {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const above = path.dirname(folder);
    if (code === 'EEXIST' && fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    if (code !== 'ENOENT' || fs.existsSync(above)) throw error;
    makeFolders(above);
    makeFolders(folder);
  }
}
