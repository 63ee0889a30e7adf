import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { OpenedArchive } from '../../bundle/index.ts';
import { PkgError } from '../../error.ts';
import { bundleTitle } from '../../model/index.ts';

/**
 * Refuses unless each sum belongs to an archive: as the digest of its bundle, or as the sha256 of the file. Answers
 * what to say about archives that no sum was given for.
 */
export async function checkSums(
  sums: readonly string[],
  archives: readonly OpenedArchive[],
): Promise<readonly string[]> {
  if (sums.length === 0) return [];
  const covered = new Set<OpenedArchive>();
  for (const sum of sums.map(parseSum)) {
    const archive = await archiveWith(sum, archives);
    if (archive === undefined) throw unmatched(sum);
    covered.add(archive);
  }
  const others = archives.filter((archive) => !covered.has(archive));
  return others.map(({ id }) => `no --sha256 was given for ${bundleTitle(id)}`);
}

function parseSum(text: string): string {
  const [, sum] = /^(?:sha256:)?([0-9a-f]{64})$/.exec(text.toLowerCase()) ?? [];
  if (sum !== undefined) return sum;
  throw new PkgError('usage', `'${text}' is not a sha256, which has 64 hexadecimal digits`, {
    hint: 'pkg inspect FILE shows the digest of an archive',
  });
}

/** The digest is known already; the whole file is only read when it is not that. */
async function archiveWith(sum: string, archives: readonly OpenedArchive[]): Promise<OpenedArchive | undefined> {
  const meant = archives.find(({ id }) => id.digest === `sha256:${sum}`);
  if (meant !== undefined) return meant;
  for (const archive of archives) if ((await sumOf(archive.file)) === sum) return archive;
  return undefined;
}

async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(fs.createReadStream(file), hash);
  return hash.digest('hex');
}

function unmatched(sum: string): PkgError {
  return new PkgError('digest-mismatch', `no archive given has the sha256 ${sum}`, {
    hint: 'give the digest of the bundle, as pkg inspect FILE and pkg build --json print it, or what sha256sum FILE says',
  });
}
