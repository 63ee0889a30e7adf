import fs from 'node:fs';
import path from 'node:path';

/**
 * Which of `folders` (absolute) a living process uses: its program, working directory, mapped or open files.
 * A process that cannot be read counts as using everything.
 */
export function foldersInUse(folders: readonly string[]): ReadonlySet<string> {
  const used = new Set<string>();
  if (folders.length === 0) return used;
  const note = (file: string): void => {
    for (const folder of folders) if (file === folder || file.startsWith(`${folder}/`)) used.add(folder);
  };
  for (const pid of fs.readdirSync('/proc')) {
    // Init never runs from a bundle, and where it hides even from root nothing could ever be collected.
    if (!/^[0-9]+$/.test(pid) || pid === '1') continue;
    if (!noteProcess(path.join('/proc', pid), note)) return new Set(folders);
  }
  return used;
}

/** false when the process lives and hides from us. */
function noteProcess(folder: string, note: (file: string) => void): boolean {
  try {
    for (const link of ['exe', 'cwd', 'root']) noteLink(path.join(folder, link), note);
    for (const handle of fs.readdirSync(path.join(folder, 'fd'))) noteLink(path.join(folder, 'fd', handle), note);
    for (const line of fs.readFileSync(path.join(folder, 'maps'), 'utf8').split('\n')) {
      const start = line.indexOf('/');
      if (start >= 0) note(line.slice(start));
    }
    return true;
  } catch (error) {
    return ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

function noteLink(link: string, note: (file: string) => void): void {
  try {
    note(fs.readlinkSync(link));
  } catch (error) {
    // Kernel threads have no program, and descriptors may close while we read.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
