import fs from 'node:fs';
import path from 'node:path';
import { verifyArchive } from '../../bundle/index.ts';
import { EXIT, PkgError } from '../../error.ts';
import type { Generation } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import type { Found } from './find-damage.ts';

/** The limits of size do not apply: the archive was accepted when it was installed. */
const NO_LIMITS = {
  maxSize: Number.MAX_SAFE_INTEGER,
  maxEntries: Number.MAX_SAFE_INTEGER,
  maxManifest: Number.MAX_SAFE_INTEGER,
} as const;

/** The kept archives of a generation that are missing or no longer what was installed; a repair would need them. */
export async function damagedArchives(layout: Layout, generation: Generation): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const { name, version, digest } of generation.bundles) {
    const file = layout.archive({ name, version, digest });
    const change = await archiveChange(file, digest);
    if (change !== null) found.push({ bundle: name, path: path.relative(layout.root, file), change });
  }
  return found;
}

async function archiveChange(file: string, digest: string): Promise<'missing' | 'changed' | null> {
  if (!fs.existsSync(file)) return 'missing';
  try {
    const { id } = await verifyArchive(file, NO_LIMITS);
    return id.digest === digest ? null : 'changed';
  } catch (error) {
    if (error instanceof PkgError && error.exit === EXIT.archive) return 'changed';
    throw error;
  }
}
