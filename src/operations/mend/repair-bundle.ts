import fs from 'node:fs';
import path from 'node:path';
import { type Damage, stageArchive, verifyFolder } from '../../bundle/index.ts';
import { EXIT, PkgError } from '../../error.ts';
import { type BundleId, bundleTitle, quoted } from '../../model/index.ts';
import { discard, type Layout, sealBundle } from '../../store/index.ts';
import { flushPayload, removeTree, syncFolder } from '../../system/index.ts';
import type { Session } from '../session.ts';
import { copyAside } from './keep-drift.ts';

/** What could not be repaired, and what would be needed. */
export type Unrepaired = { readonly message: string; readonly hint: string };

/**
 * Puts the shipped files of one bundle back from its kept archive. Files take their places one by one with a rename:
 * the folder is never missing, and a process that has the damaged file open keeps it.
 */
export async function repairBundle(
  id: BundleId,
  damage: readonly Damage[],
  layout: Layout,
  session: Session,
): Promise<readonly Unrepaired[]> {
  const archive = layout.archive(id);
  if (!fs.existsSync(archive)) return [noArchive(id, archive)];
  const staged = layout.staged(id);
  removeTree(staged);
  try {
    await stageArchive({
      file: archive,
      into: staged,
      keepCopy: null,
      reuse: null,
      limits: session.limits,
      expectDigest: id.digest,
    });
  } catch (error) {
    if (!(error instanceof PkgError) || error.exit !== EXIT.archive) throw error;
    return [{ message: `cannot repair ${bundleTitle(id)}: ${error.message}`, hint: noArchive(id, archive).hint }];
  }
  await flushPayload(staged);
  const folder = layout.bundle(id);
  const aside = freeFolder(layout);
  await putBack(damage, { folder, staged, aside: path.join(aside, id.name), layout });
  // Without its table of files nothing else in the bundle can be checked.
  const rest = (await verifyFolder(folder, id.digest)).filter(({ change }) => change !== 'extra');
  await putBack(rest, { folder, staged, aside: path.join(aside, id.name), layout });
  sealBundle(layout, id);
  if (fs.existsSync(aside))
    session.tell({ event: 'warning', message: `files changed by hand were copied aside to ${aside}` });
  return [];
}

type Places = {
  readonly folder: string;
  readonly staged: string;
  readonly aside: string;
  readonly layout: Layout;
};

/** Folders come before what is in them, because the table is sorted. */
async function putBack(damage: readonly Damage[], places: Places): Promise<void> {
  const changed = damage.filter(({ change }) => change === 'changed' || change === 'type');
  for (const { path: file } of changed) copyAside(path.join(places.folder, file), path.join(places.aside, file));
  if (changed.length > 0 && fs.existsSync(places.aside)) await flushPayload(places.aside);
  for (const one of damage) putBackOne(one, places);
}

function putBackOne({ path: file, change }: Damage, { folder, staged, layout }: Places): void {
  const from = path.join(staged, file);
  const to = path.join(folder, file);
  const shipped = fs.lstatSync(from, { throwIfNoEntry: false });
  // It was already restored with the folder above it.
  if (shipped === undefined) return;
  if (shipped.isDirectory() && change === 'mode') return fs.chmodSync(to, 0o555);
  fs.mkdirSync(path.dirname(to), { recursive: true });
  openedFor(path.dirname(to), () => {
    if (change === 'type') discard(layout, to);
    // A read-only folder cannot be moved between parents.
    if (shipped.isDirectory()) fs.chmodSync(from, 0o755);
    fs.renameSync(from, to);
    if (shipped.isDirectory()) fs.chmodSync(to, 0o555);
  });
}

/** A crash during this leaves the folder writable, which verify reports and the next repair corrects. */
function openedFor(folder: string, work: () => void): void {
  fs.chmodSync(folder, 0o755);
  work();
  syncFolder(folder);
  fs.chmodSync(folder, 0o555);
}

function noArchive(id: BundleId, archive: string): Unrepaired {
  return {
    message: `cannot repair ${bundleTitle(id)}: its archive is not kept in ${path.dirname(archive)}`,
    hint: `copy the archive with digest ${id.digest} to ${quoted(archive)}, then: pkg verify --repair`,
  };
}

/** Beside the transactions, and private like them. */
function freeFolder(layout: Layout): string {
  for (let n = 1; ; n++) {
    const folder = path.join(layout.transactions, `repair-${n}`);
    if (!fs.existsSync(folder)) return folder;
  }
}
