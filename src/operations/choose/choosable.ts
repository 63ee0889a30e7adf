import fs from 'node:fs';
import { readInstalled } from '../facts/installed.ts';
import { knownWords } from '../look/known-words.ts';
import type { GivenArchive } from './open-given.ts';
import { type Offer, offersOf } from './offers.ts';

/** What can be chosen on a root, read from names on disk: quick also where much is kept. */
export function choosable(root: string, given: readonly GivenArchive[]): readonly Offer[] {
  const { generation } = readInstalled(root);
  return offersOf(generation?.bundles ?? [], knownWords(root).versions, given);
}

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
