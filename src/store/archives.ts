import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import type { BundleId } from '../model/index.ts';
import { syncFolder } from '../system/index.ts';
import type { Layout } from './layout.ts';

/** Moves the staged copy of an archive among the kept ones; one that is there already stays. */
export function keepArchive(layout: Layout, id: BundleId): void {
  const staged = layout.stagedArchive(id);
  if (!fs.existsSync(staged)) return;
  moveFile(staged, layout.archive(id));
  syncFolder(layout.archives);
}

/** Nothing can be kept where `archives` leads to a disk that is away. */
export function refuseArchivesAway({ archives }: Layout): void {
  if (fs.existsSync(archives)) return;
  const target = fs.readlinkSync(archives);
  throw new PkgError('root-unusable', `cannot keep any archive: ${archives} leads to ${target}, which is not there`, {
    hint: 'mount it, then try again; pkg rollback and pkg recover need no archive',
  });
}

/** Forgets a kept archive; absent is fine. */
export function forgetArchive(layout: Layout, id: BundleId): void {
  fs.rmSync(layout.archive(id), { force: true });
}

/** Paths of all kept archives, sorted. */
export function keptArchives(layout: Layout): readonly string[] {
  let names: string[];
  try {
    names = fs.readdirSync(layout.archives);
  } catch {
    return [];
  }
  return names
    .filter((name) => name.endsWith('.tgz') && !name.startsWith('.'))
    .toSorted()
    .map((name) => path.join(layout.archives, name));
}

// `archives` may be a link to another disk, where a rename is not possible.
function moveFile(from: string, to: string): void {
  try {
    fs.renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const near = `${path.dirname(to)}/.${path.basename(to)}`;
    fs.copyFileSync(from, near);
    const handle = fs.openSync(near, 'r+');
    fs.fsyncSync(handle);
    fs.closeSync(handle);
    fs.renameSync(near, to);
    fs.rmSync(from);
  }
}
