import fs from 'node:fs';
import path from 'node:path';
import { removeAbandoned, removeTemporaries, removeTree } from '../system/index.ts';
import type { Layout } from './layout.ts';

/** Takes `folder` away with one rename, so that a crash never leaves it half removed; absent is fine. */
export function discard(layout: Layout, folder: string): void {
  if (fs.lstatSync(folder, { throwIfNoEntry: false }) === undefined) return;
  fs.mkdirSync(layout.trash, { recursive: true, mode: 0o700 });
  // A read-only folder cannot be moved between parents: its `..` entry would change.
  if (fs.lstatSync(folder).isDirectory()) fs.chmodSync(folder, 0o755);
  fs.renameSync(folder, path.join(layout.trash, freeName(layout.trash, path.basename(folder))));
}

/** Removes what earlier runs discarded or left unfinished. Only while holding the lock. */
export function sweep(layout: Layout): void {
  for (const folder of [layout.trash, layout.tmp]) {
    for (const name of fs.readdirSync(folder)) removeTree(path.join(folder, name));
  }
  for (const folder of [layout.store, layout.generations]) {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTemporaries(path.join(folder, entry.name));
    }
  }
  // Here a watcher of services, or who only just makes the root, writes without the lock.
  for (const folder of [layout.root, layout.run, ...foldersIn(layout.checks), ...foldersIn(layout.maintenances)])
    removeAbandoned(folder);
}

function foldersIn(folder: string): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(folder, name));
}

function freeName(folder: string, name: string): string {
  for (let n = 1; ; n++) {
    const candidate = `${name}.${n}`;
    if (fs.lstatSync(path.join(folder, candidate), { throwIfNoEntry: false }) === undefined) return candidate;
  }
}
