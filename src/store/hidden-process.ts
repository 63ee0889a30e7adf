import fs from 'node:fs';
import path from 'node:path';

/** A process that may not be looked into, by what everybody may read of it. */
export type HiddenProcess = {
  readonly pid: number;
  /** Real, effective, saved and of the file system. */
  readonly uids: readonly number[];
  /** Whether permission bits stop it: root, and who has its powers over files, they do not. */
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
 * Whether it has to be taken for one that uses the folder. Whom permission bits stop cannot have got there. Of root, and
 * of our own that hide (an agent for keys), there are some on every machine: they count when anything of them speaks of
 * the folder. All others count, as they may run from it.
 */
export function mayUse(folder: string, hidden: HiddenProcess): boolean {
  const isOurs = hidden.uids.every((uid) => uid === process.geteuid?.());
  if (hidden.isMighty || isOurs) return speaksOf(folder, hidden);
  return canReach(folder, hidden.uids);
}

// CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH, capabilities(7).
const OVER_MODES = 0b110n;

function overridesModes(permitted: string): boolean {
  return permitted !== '' && (BigInt(`0x${permitted}`) & OVER_MODES) !== 0n;
}

/** By a path in its words, a word that is a file there, or the name of a program there. */
function speaksOf(folder: string, { words, name }: HiddenProcess): boolean {
  // store/NAME/VERSION-DIGEST: with the root above it, as `current` is another way in.
  const root = path.resolve(folder, '../../..');
  return words.some((word) => word.includes(`${root}/`) || isFileIn(folder, word)) || programsIn(folder).has(name);
}

function isFileIn(folder: string, word: string): boolean {
  // A word may be a whole program, and longer than any name.
  if (!/^[^-/]/.test(word) || word.length > 255) return false;
  return fs.lstatSync(path.join(folder, word), { throwIfNoEntry: false })?.isFile() === true;
}

function programsIn(folder: string): ReadonlySet<string> {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  const programs = entries.filter(
    (entry) => entry.isFile() && (fs.lstatSync(path.join(entry.parentPath, entry.name)).mode & 0o111) !== 0,
  );
  return new Set(programs.map(({ name }) => name.slice(0, 15)));
}

/** A folder on the way that nobody but its owner may search stops all others; with the group bit, a list may let some in. */
function canReach(folder: string, uids: readonly number[]): boolean {
  for (let above = folder; ; above = path.dirname(above)) {
    const { mode, uid } = fs.statSync(above);
    if ((mode & 0o011) === 0 && !uids.includes(uid)) return false;
    if (above === path.dirname(above)) return true;
  }
}
