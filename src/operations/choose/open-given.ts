import path from 'node:path';
import { DEFAULT_LIMITS, type OpenedArchive, peekArchive } from '../../bundle/index.ts';
import { PkgError } from '../../error.ts';

/** An archive, and the word by which it was given. */
export type GivenArchive = { readonly word: string; readonly opened: OpenedArchive };

/** The archives that could be read, and why the others could not. */
export type Given = { readonly archives: readonly GivenArchive[]; readonly problems: readonly string[] };

/** How many files are open at a time. */
const AT_ONCE = 16;

/** Reads the heads of archives; a damaged one does not hide the others. */
export async function openGiven(words: readonly string[], folder: string): Promise<Given> {
  const archives: GivenArchive[] = [];
  const problems: string[] = [];
  for (let at = 0; at < words.length; at += AT_ONCE) {
    const some = words.slice(at, at + AT_ONCE).map((word) => openOne(word, folder));
    for (const one of await Promise.all(some)) {
      if (typeof one === 'string') problems.push(one);
      else archives.push(one);
    }
  }
  return { archives, problems };
}

async function openOne(word: string, folder: string): Promise<GivenArchive | string> {
  try {
    return { word, opened: await peekArchive(path.resolve(folder, word), DEFAULT_LIMITS) };
  } catch (error) {
    if (error instanceof PkgError) return `${word}: ${error.message}`;
    throw error;
  }
}
