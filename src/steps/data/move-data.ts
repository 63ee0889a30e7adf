import fs from 'node:fs';
import { PkgError } from '../../error.ts';
import { type Layout, noteDataFormats, readDataFormats } from '../../store/index.ts';
import { syncFolder } from '../../system/index.ts';
import type { StepHandler } from '../step-handler.ts';

/** How the two names were before; of an empty folder in the place of the data, what it takes to make it again. */
type Before = {
  readonly inode: number | null;
  readonly emptied: { readonly mode: number; readonly uid: number; readonly gid: number } | null;
  readonly formats: Readonly<Record<string, number | null>>;
};

/** One rename while nothing runs that writes there: the data of a bundle goes on under the name of its successor. */
export const moveData: StepHandler<'move-data'> = {
  repeatable: true,

  async note({ from, bundle }, { layout }) {
    const formats = readDataFormats(layout);
    return {
      inode: statOf(layout.dataOf(from))?.ino ?? null,
      emptied: emptyFolder(layout.dataOf(bundle)),
      formats: { [from]: formats.get(from) ?? null, [bundle]: formats.get(bundle) ?? null },
    };
  },

  async do({ from, bundle }, { layout }, note) {
    const { inode, formats } = note as Before;
    if (inode === null) return;
    const [source, target] = [layout.dataOf(from), layout.dataOf(bundle)];
    if (statOf(source) !== undefined) {
      if (emptyFolder(target) !== null) fs.rmdirSync(target);
      if (statOf(target) !== undefined) throw inTheWay(source, target);
      rename(source, target, layout);
    }
    noteDataFormats(layout, { [from]: null, [bundle]: formats[from] ?? null });
  },

  async undo({ from, bundle }, { layout }, note) {
    if (note === undefined) return;
    const before = note as Before;
    const [source, target] = [layout.dataOf(from), layout.dataOf(bundle)];
    bringBack(source, target, before, layout);
    if (before.emptied !== null) makeAgain(target, before.emptied);
    noteDataFormats(layout, before.formats);
  },
};

/** Whatever was done: the folder that was noted stands under its old name again, and nothing else is lost for it. */
function bringBack(source: string, target: string, { inode }: Before, layout: Layout): void {
  if (inode === null || statOf(source)?.ino === inode) return;
  const moved = statOf(target);
  if (moved === undefined) throw lost(source, target);
  // A hook of the bundle that comes back may have made the folder that it found missing.
  if (emptyFolder(source) !== null) fs.rmdirSync(source);
  if (statOf(source) === undefined) rename(target, source, layout);
  else if (moved.ino === inode) throw inTheWay(target, source);
}

function rename(from: string, to: string, { data }: Layout): void {
  try {
    fs.renameSync(from, to);
  } catch (cause) {
    throw cannotRename(from, to, cause as NodeJS.ErrnoException);
  }
  syncFolder(data);
}

/** A folder of the image that a container began with can be written to, and not renamed. */
function cannotRename(from: string, to: string, cause: NodeJS.ErrnoException): PkgError {
  const asOwn = `stop what uses it, and make it a folder of its own: cp -a ${from} ${from}.own && rm -r ${from} && mv ${from}.own ${from}`;
  const hint = cause.code === 'EXDEV' ? asOwn : 'look at the rights there, and whether something is mounted there';
  return new PkgError('step-failed', `cannot rename ${from} to ${to}: ${cause.code}`, { hint, cause });
}

/** A power cut between the two calls leaves a folder that is still to be given its owner. */
function makeAgain(folder: string, { mode, uid, gid }: NonNullable<Before['emptied']>): void {
  if (statOf(folder) === undefined) fs.mkdirSync(folder);
  const now = emptyFolder(folder);
  if (now === null) return;
  if (now.uid !== uid || now.gid !== gid) fs.chownSync(folder, uid, gid);
  fs.chmodSync(folder, mode);
}

function emptyFolder(folder: string): Before['emptied'] {
  const found = statOf(folder);
  if (found?.isDirectory() !== true || fs.readdirSync(folder).length > 0) return null;
  return { mode: found.mode & 0o7777, uid: found.uid, gid: found.gid };
}

function statOf(file: string): fs.Stats | undefined {
  return fs.lstatSync(file, { throwIfNoEntry: false });
}

function inTheWay(from: string, to: string): PkgError {
  return new PkgError('step-failed', `cannot move the data in ${from} to ${to}: something lies there`, {
    hint: `see what is in ${to} now, and move it away`,
  });
}

function lost(source: string, target: string): PkgError {
  return new PkgError('step-failed', `cannot bring back the data of ${source}: it is neither there nor in ${target}`, {
    hint: `somebody moved it meanwhile; put it back to ${source}`,
  });
}
