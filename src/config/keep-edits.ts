import { flushPayload } from '../system/index.ts';
import { freeName } from './free-name.ts';
import { digest, readFolder, writeEntry } from './revision-entry.ts';

/**
 * Before a revision is removed, copies what was edited in it into `beside`, each file as FILE.SUFFIX.
 * Returns the names of the copies; a repeat makes no second copy.
 */
export async function keepEdits(
  revision: string,
  created: string,
  beside: string,
  suffix: string,
): Promise<readonly string[]> {
  const before = readFolder(created);
  const there = readFolder(beside);
  const edited = [...readFolder(revision)].filter(
    ([name, entry]) => digest(entry) !== digest(before.get(name)) && digest(entry) !== digest(there.get(name)),
  );
  const kept = edited.flatMap(([name, entry]) => {
    if (digest(entry) === digest(there.get(`${name}.${suffix}`))) return [];
    const free = freeName(beside, `${name}.${suffix}`);
    writeEntry(beside, free, entry);
    return [free];
  });
  // What they were copied from is thrown away next. A copy from before a crash may not be on the disk yet, either.
  if (edited.length > 0) await flushPayload(beside);
  return kept;
}
