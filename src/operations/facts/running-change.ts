import fs from 'node:fs';
import path from 'node:path';
import type { Layout } from '../../store/index.ts';
import { type LockHolder, processStart, readHolder } from '../../system/index.ts';

/** Who is changing this root now, or null. Does not try the lock, which would keep others from it. */
export function runningChange(layout: Layout): LockHolder | null {
  const holder = readHolder(layout.lock);
  // A killed process leaves its pid in the file, which may belong to another process by now.
  if (holder === null || processStart(holder.pid) === null) return null;
  return hasOpen(holder.pid, layout.lock) === false ? null : holder;
}

/** null if we may not look at the process. */
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
