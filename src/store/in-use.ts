import fs from 'node:fs';
import path from 'node:path';
import { mayUse, readHidden, type Visited, visit } from './hidden-process.ts';

/** A process that uses a folder; `isSeen` is false for one that may not be looked into and could use it. */
export type Holder = { readonly pid: number; readonly words: string; readonly isSeen: boolean };

/**
 * Which of `folders` (absolute) a living process uses: its program, working directory, mapped or open files; and by whom.
 * Of a process that may not be looked into, what everybody may read of it decides (docs/going-back.md#what-is-kept).
 */
export function foldersInUse(folders: readonly string[]): ReadonlyMap<string, readonly Holder[]> {
  const used = new Map<string, Holder[]>();
  if (folders.length === 0) return used;
  const visited = folders.filter((folder) => fs.existsSync(folder)).map(visit);
  for (const pid of fs.readdirSync('/proc')) {
    // Init never runs from a bundle, and where it hides even from root nothing could ever be collected.
    if (!/^[0-9]+$/.test(pid) || pid === '1') continue;
    const { found, isSeen } = usedBy(Number(pid), folders, visited);
    for (const folder of found) used.set(folder, [...(used.get(folder) ?? []), holderOf(Number(pid), isSeen)]);
  }
  return used;
}

function usedBy(
  pid: number,
  folders: readonly string[],
  visited: readonly Visited[],
): { readonly found: ReadonlySet<string>; readonly isSeen: boolean } {
  const found = new Set<string>();
  const note = (file: string): void => {
    for (const folder of folders) if (file === folder || file.startsWith(`${folder}/`)) found.add(folder);
  };
  if (noteProcess(path.join('/proc', String(pid)), note)) return { found, isSeen: true };
  const hidden = readHidden(pid);
  return { found: hidden === null ? found : new Set(mayUse(visited, hidden)), isSeen: false };
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

function holderOf(pid: number, isSeen: boolean): Holder {
  return { pid, words: readHidden(pid)?.words.join(' ') ?? '', isSeen };
}
