import fs from 'node:fs';
import path from 'node:path';

/** Everything below `folder`, as paths there; links are named and not followed, as they may lead in circles. */
export function pathsBelow(folder: string): readonly string[] {
  const found: string[] = [];
  const corners = [''];
  for (const corner of corners) {
    for (const entry of fs.readdirSync(path.join(folder, corner), { withFileTypes: true })) {
      const name = path.join(corner, entry.name);
      found.push(name);
      if (entry.isDirectory()) corners.push(name);
    }
  }
  return found;
}
