import fs from 'node:fs';
import path from 'node:path';
import type { BundleId } from '../../model/index.ts';
import { type Layout, openRoot } from '../../store/index.ts';
import { pathsBelow } from '../../system/index.ts';
import type { Session } from '../session.ts';
import { withLock } from '../with-lock.ts';
import { type Collected, collectGarbage } from './collect-garbage.ts';

/** What was or would be deleted, and the bytes on disk that this frees. */
export type Freed = Collected & { readonly bytes: number };

/** Deletes generations that are no longer kept and what only they used; a dry run only reads, without the lock. */
export async function gc(session: Session, keep: number | null): Promise<Freed> {
  const layout = openRoot(session.root);
  if (layout === null) return { generations: [], bundles: [], held: [], bytes: 0 };
  if (session.dryRun) return measured(layout, keep);
  return withLock(session, async () => {
    const freed = await measured(layout, keep);
    await collectGarbage(layout, session, keep);
    return freed;
  });
}

async function measured(layout: Layout, keep: number | null): Promise<Freed> {
  const collected = await collectGarbage(layout, { dryRun: true }, keep);
  return { ...collected, bytes: collected.bundles.reduce((sum, bundle) => sum + bytesOf(bundle, layout), 0) };
}

function bytesOf(bundle: BundleId, layout: Layout): number {
  const folder = layout.bundle(bundle);
  const names = fs.existsSync(folder) ? pathsBelow(folder) : [];
  const files = [layout.archive(bundle), ...names.map((name) => path.join(folder, name))];
  return files.reduce((sum, file) => sum + bytesAlone(file), 0);
}

/** A file shared with another version by a hard link stays on disk with that one. */
function bytesAlone(file: string): number {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  return stat === undefined || (stat.nlink > 1 && !stat.isDirectory()) ? 0 : stat.blocks * 512;
}
