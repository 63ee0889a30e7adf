import fs from 'node:fs';
import path from 'node:path';

/** `name`, or with `.2`, `.3` … behind it where something of that name lies in `folder`. */
export function freeName(folder: string, name: string): string {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}.${n}`;
    if (fs.lstatSync(path.join(folder, candidate), { throwIfNoEntry: false }) === undefined) return candidate;
  }
}
