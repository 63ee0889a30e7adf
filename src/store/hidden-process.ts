import fs from 'node:fs';
import path from 'node:path';
import { pathsBelow } from '../system/index.ts';

/** A process that may not be looked into, by what everybody may read of it. */
export type HiddenProcess = {
  readonly pid: number;
  /** Real, effective, saved and of the file system. */
  readonly uids: readonly number[];
  /** Root, or somebody with its powers over files: permission bits do not stop it. */
  readonly isMighty: boolean;
  /** Its name for the kernel: the first 15 letters of the program or script it runs. */
  readonly name: string;
  readonly words: readonly string[];
};

/** null for what has no memory of its own any more, or never had: zombies and threads of the kernel. */
export function readHidden(pid: number): HiddenProcess | null {
  try {
    const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
    const field = (name: string): string => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? '';
    if (field('VmSize') === '' && field('Threads') === '1') return null;
    const uids = field('Uid').split(/\s+/).map(Number);
    const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    return { pid, uids, isMighty: uids.includes(0) || overridesModes(field('CapPrm')), name: field('Name'), words };
  } catch {
    // It ended while it was looked at.
    return null;
  }
}

/**
 * Which folders it has to be taken to use. Whom permission bits stop cannot have got there. Of root, and of our own that
 * hide (an agent for keys), there are some on every machine: they count when anything of them speaks of the folder. All
 * others count, as they may run from it.
 */
export function mayUse(folders: readonly Visited[], hidden: HiddenProcess): readonly string[] {
  const isOurs = hidden.uids.every((uid) => uid === process.geteuid?.());
  const uses =
    hidden.isMighty || isOurs
      ? (visited: Visited) => speaksOf(visited, hidden)
      : ({ folder }: Visited) => canReach(folder, hidden.uids);
  return folders.filter(uses).map(({ folder }) => folder);
}

/** A folder with its files by the first 15 letters of their names; read once for all processes, and only if one asks. */
export type Visited = { readonly folder: string; filesByName(): ReadonlyMap<string, readonly string[]> };

/** The folder as it is now. */
export function visit(folder: string): Visited {
  let known: ReadonlyMap<string, readonly string[]> | null = null;
  return { folder, filesByName: () => (known ??= readFiles(folder)) };
}

function readFiles(folder: string): ReadonlyMap<string, readonly string[]> {
  const files = pathsBelow(folder)
    .map((name) => path.join(folder, name))
    .filter((file) => fs.lstatSync(file, { throwIfNoEntry: false })?.isFile() === true);
  return Map.groupBy(files, (file) => path.basename(file).slice(0, 15));
}

// CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, capabilities(7).
const OVER_MODES = 0b110n;

function overridesModes(permitted: string): boolean {
  return permitted !== '' && (BigInt(`0x${permitted}`) & OVER_MODES) !== 0n;
}

/** By a path in its words, a word that is a file there, or the name of a program there. */
function speaksOf({ folder, filesByName }: Visited, { words, name }: HiddenProcess): boolean {
  // store/NAME/VERSION-DIGEST: with the root above it, as `current` is another way in.
  const root = path.resolve(folder, '../../..');
  if (words.some((word) => word.includes(`${root}/`) || isFileIn(folder, word))) return true;
  return (filesByName().get(name) ?? []).some(isProgram);
}

function isProgram(file: string): boolean {
  return (fs.lstatSync(file).mode & 0o111) !== 0;
}

function isFileIn(folder: string, word: string): boolean {
  // A word may be a whole program, and longer than any name.
  if (!/^[^-/]/.test(word) || word.length > 255) return false;
  return fs.lstatSync(path.join(folder, word), { throwIfNoEntry: false })?.isFile() === true;
}

/** A folder on the way that nobody but its owner may search stops all others; with the group bit, a list may let some in. */
function canReach(folder: string, uids: readonly number[]): boolean {
  for (let above = folder; ; above = path.dirname(above)) {
    const { mode, uid } = fs.statSync(above);
    if ((mode & 0o011) === 0 && !uids.includes(uid)) return false;
    if (above === path.dirname(above)) return true;
  }
}
