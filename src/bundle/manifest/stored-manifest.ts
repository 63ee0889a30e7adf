import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PkgError } from '../../error.ts';
import type { FileEntry, StoredManifest } from '../../model/index.ts';
import { knownManifest, remember } from './known-manifests.ts';

/** The identity of a bundle: `sha256:` and the hex of its stored `bundle.json`. */
export function digestOf(bundleJson: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bundleJson).digest('hex')}`;
}

const REPAIR = 'pkg verify --repair unpacks it again from the kept archive';

/** Reads the `bundle.json` of an unpacked bundle; with a digest, only if it is that one. */
export async function readStoredManifest(folder: string, expectDigest?: string): Promise<StoredManifest> {
  const file = join(folder, 'bundle.json');
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new PkgError('damaged', `cannot read ${file}: the bundle is not unpacked there`, { hint: REPAIR, cause });
  });
  const digest = digestOf(bytes);
  if (expectDigest !== undefined && digest !== expectDigest) {
    throw new PkgError('damaged', `cannot use ${file}: its digest is ${digest}, not ${expectDigest}`, { hint: REPAIR });
  }
  try {
    return knownManifest(digest) ?? remember(digest, JSON.parse(bytes.toString('utf8')) as StoredManifest);
  } catch (cause) {
    throw new PkgError('damaged', `cannot use ${file}: it is not JSON`, { hint: REPAIR, cause });
  }
}

/** The table of an unpacked bundle; null when there is none, or not the one of this digest. */
export async function shippedFiles(folder: string, expectDigest?: string): Promise<readonly FileEntry[] | null> {
  try {
    return (await readStoredManifest(folder, expectDigest)).files;
  } catch {
    return null;
  }
}
