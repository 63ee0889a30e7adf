import { freeName } from './free-name.ts';
import { digest, readFolder, writeEntry } from './revision-entry.ts';

/**
 * Before a revision is removed, copies what was edited in it into `beside`, each file as FILE.SUFFIX.
 * Returns the names of the copies; a repeat makes no second copy.
 */
export function keepEdits(revision: string, created: string, beside: string, suffix: string): readonly string[] {
  const before = readFolder(created);
  const there = readFolder(beside);
  return [...readFolder(revision)].flatMap(([name, entry]) => {
    const isKept = digest(entry) === digest(before.get(name)) || digest(entry) === digest(there.get(name));
    if (isKept || digest(entry) === digest(there.get(`${name}.${suffix}`))) return [];
    const free = freeName(beside, `${name}.${suffix}`);
    writeEntry(beside, free, entry);
    return [free];
  });
}
