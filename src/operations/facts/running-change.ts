import fs from 'node:fs';
import path from 'node:path';
import type { Layout } from '../../store/index.ts';
import { type LockHolder, processStart, readHolder } from '../../system/index.ts';

/** Who is changing this root right now, or null. Looks only: to try the lock would keep others from it. */
export function runningChange(layout: Layout): LockHolder | null {
  const holder = readHolder(layout.lock);
  // Whoever was killed leaves its name in the file; the number may belong to somebody else by now.
  if (holder === null || processStart(holder.pid) === null) return null;
  return hasOpen(holder.pid, layout.lock) === false ? null : holder;
}

/** null when the process does not let us look. */
function hasOpen(pid: number, file: string): boolean | null {
  const folder = `/proc/${pid}/fd`;
  try {
    const real = fs.realpathSync(file);
    return fs.readdirSync(folder).some((handle) => targetOf(path.join(folder, handle)) === real);
  } catch {
    return null;
  }
}

function targetOf(link: string): string | null {
  try {
    return fs.readlinkSync(link);
  } catch {
    return null;
  }
}
