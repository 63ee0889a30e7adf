import fs from 'node:fs';

/** The archives that lie in a folder, by name; none where it cannot be read. */
export function archivesIn(folder: string): readonly string[] {
  try {
    return fs
      .readdirSync(folder)
      .filter((name) => name.endsWith('.tgz') && !name.startsWith('.'))
      .toSorted();
  } catch {
    return [];
  }
}
