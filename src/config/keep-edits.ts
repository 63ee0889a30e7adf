import { freeName } from './free-name.ts';
import { digest, readFolder, writeEntry } from './revision-entry.ts';

/**
 * Copies what was edited in a revision since it was made into `beside`, each as FILE.SUFFIX, before the revision goes.
 * Answers the names it gave; repeating it gives none twice.
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
