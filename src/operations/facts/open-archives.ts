import fs from 'node:fs';
import { type OpenedArchive, peekArchive } from '../../bundle/index.ts';
import { PkgError } from '../../error.ts';
import type { Session } from '../session.ts';

export { DEFAULT_LIMITS, type Limits } from '../../bundle/index.ts';

/** Reads the manifests of the archives given, in their order; the same archive given twice counts once. */
export async function openArchives(
  files: readonly string[],
  session: Pick<Session, 'limits'>,
): Promise<readonly OpenedArchive[]> {
  const opened = new Map<string, OpenedArchive>();
  for (const file of files) {
    if (!fs.existsSync(file)) throw noSuchFile(file);
    const archive = await peekArchive(file, session.limits);
    opened.set(archive.id.digest, archive);
  }
  return [...opened.values()];
}

/** The error for a file on the command line that is not there. */
export function noSuchFile(file: string): PkgError {
  return new PkgError('no-such-file', `cannot read ${file}: no such file`, {
    hint: 'a word with `/` or ending in `.tgz` is a file, anything else a bundle name',
  });
}
