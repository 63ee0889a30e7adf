import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../../error.ts';
import type { Layout } from '../../../store/index.ts';
import { identify, isAlive, type ProcessIdentity, readText, writeDurably } from '../../../system/index.ts';

/** Whether a `pkg service watch` watches the services of this root. */
export function isWatched(layout: Layout): boolean {
  const watcher = readWatcher(layout);
  return watcher !== null && isAlive(watcher);
}

/** Registers this process as the watcher, until the returned function is called; there may be only one. */
export function beginWatching(layout: Layout): () => void {
  const other = readWatcher(layout);
  if (other !== null && isAlive(other)) {
    throw new PkgError('locked', `the services of ${layout.root} are already watched by pid ${other.pid}`, {
      hint: `end it first: kill ${other.pid}`,
      details: other,
    });
  }
  writeDurably(watcherFile(layout), `${JSON.stringify({ formatVersion: '1', ...identify(process.pid) })}\n`);
  return () => fs.rmSync(watcherFile(layout), { force: true });
}

/** No record of a service has this name, because those contain a dot. */
function watcherFile(layout: Layout): string {
  return path.join(layout.run, 'watch.json');
}

function readWatcher(layout: Layout): ProcessIdentity | null {
  try {
    return JSON.parse(readText(watcherFile(layout)) ?? 'null') as ProcessIdentity | null;
  } catch {
    return null;
  }
}
