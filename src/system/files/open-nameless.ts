import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Opens a file without a name that holds `text`, to be read from its start or added to; gone when it is closed. */
export function openNameless(text = ''): number {
  const file = path.join(os.tmpdir(), `pkg-${randomUUID()}`);
  fs.writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  try {
    return fs.openSync(file, 'a+');
  } finally {
    fs.rmSync(file);
  }
}

/** The path by which an open file can be read from its start, whether it has a name or not. */
export function descriptorPath(descriptor: number): string {
  return `/proc/self/fd/${descriptor}`;
}
