import fs from 'node:fs';
import path from 'node:path';
import type { BundleId } from '../model/index.ts';
import { removeTree, syncFolder, writeDurably } from '../system/index.ts';
import type { Layout } from './layout.ts';
import { discard } from './trash.ts';

/** Moves a staged and flushed bundle into the store and seals it: read-only, with the time from which a change is drift. */
export function placeBundle(layout: Layout, id: BundleId): void {
  const folder = layout.bundle(id);
  const staged = layout.staged(id);
  const above = path.dirname(folder);
  if (fs.mkdirSync(above, { recursive: true }) !== undefined) syncFolder(layout.store);
  if (fs.existsSync(staged)) {
    if (fs.existsSync(folder)) discard(layout, folder);
    fs.renameSync(staged, folder);
  }
  fs.chmodSync(folder, 0o555);
  sealBundle(layout, id);
  syncFolder(above);
}

/** Says from now on: what changes in this folder after this moment is drift. */
export function sealBundle(layout: Layout, id: BundleId): void {
  writeDurably(layout.seal(id), '');
}

/** Takes a bundle out of the store; removing it for good happens in the trash. */
export function takeBundleAway(layout: Layout, id: BundleId): void {
  takeFolderAway(layout, layout.bundle(id));
}

/** The same for the folder of a bundle (absolute) that no generation knows any more. */
export function takeFolderAway(layout: Layout, folder: string): void {
  const above = path.dirname(folder);
  removeTree(path.join(above, `.sealed-${path.basename(folder)}`));
  discard(layout, folder);
  removeIfEmpty(above);
}

/** Takes a configuration revision away again; the older ones stay. */
export function takeConfigAway(layout: Layout, name: string, revision: string): void {
  discard(layout, layout.configRevision(name, revision));
  discard(layout, layout.configCreated(name, revision));
  discard(layout, layout.configShipped(name, revision));
  discard(layout, layout.configSums(name, revision));
  removeIfEmpty(layout.configOf(name));
}

/** Milliseconds since 1970 of the seal; 0 when there is none, so that everything counts as changed. */
export function sealedAt(layout: Layout, id: BundleId): number {
  return fs.statSync(layout.seal(id), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Folders of all unpacked bundles, as `NAME/VERSION-DIGEST12`. */
export function storedFolders(layout: Layout): readonly string[] {
  return namesIn(layout.store).flatMap((name) =>
    namesIn(path.join(layout.store, name))
      .filter((folder) => !folder.startsWith('.'))
      .map((folder) => path.join(name, folder)),
  );
}

/** Every configuration revision on disk: bundle name -> revisions, oldest first. */
export function configRevisions(layout: Layout): ReadonlyMap<string, readonly string[]> {
  return new Map(
    namesIn(layout.config).map((name) => [
      name,
      namesIn(layout.configOf(name))
        .filter((revision) => !revision.startsWith('.'))
        .toSorted((a, b) => Number(a) - Number(b)),
    ]),
  );
}

/** Revisions of a bundle that were taken away only in part: what was kept beside them is still there. */
export function brokenRevisions(layout: Layout, name: string): readonly string[] {
  const beside = namesIn(layout.configOf(name)).flatMap(
    (entry) => /^\.(?:created|shipped|sums)-(.+)$/.exec(entry)?.[1] ?? [],
  );
  return [...new Set(beside)].filter((revision) => !fs.existsSync(layout.configRevision(name, revision)));
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

function removeIfEmpty(folder: string): void {
  try {
    fs.rmdirSync(folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
