import fs from 'node:fs';
import path from 'node:path';

/** `name`, with `.2`, `.3` … appended if `folder` already has something of that name. */
export function freeName(folder: string, name: string): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}.${n}`;
    if (fs.lstatSync(path.join(folder, candidate), { throwIfNoEntry: false }) === undefined) return candidate;
  }
}
