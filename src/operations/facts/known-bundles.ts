import path from 'node:path';
import { type OpenedArchive, peekArchive, readStoredManifest } from '../../bundle/index.ts';
import type { BundleId, KnownBundle, StoredManifest } from '../../model/index.ts';
import { generationNumbers, keptArchives, type Layout, storedFolders } from '../../store/index.ts';
import type { Session } from '../session.ts';
import { readableGeneration } from './read-current.ts';

/** Every bundle that could be a member of a generation, by digest: offered, unpacked, or kept as an archive. */
export async function knownBundles(
  layout: Layout,
  offered: readonly OpenedArchive[],
  session: Pick<Session, 'limits'>,
): Promise<ReadonlyMap<string, KnownBundle>> {
  const known = new Map<string, KnownBundle>();
  for (const archive of await keptOnly(layout, session)) known.set(archive.id.digest, fromArchive(archive));
  for (const archive of offered) known.set(archive.id.digest, fromArchive(archive));
  for (const bundle of await storedBundles(layout)) {
    known.set(bundle.id.digest, { ...bundle, file: known.get(bundle.id.digest)?.file ?? null });
  }
  return known;
}

/** Every unpacked bundle with its manifest. */
export async function storedBundles(layout: Layout): Promise<readonly KnownBundle[]> {
  const digests = new Map(
    generationNumbers(layout)
      .flatMap((number) => readableGeneration(layout, number)?.bundles ?? [])
      .map((bundle) => [layout.bundle(bundle), bundle.digest]),
  );
  const bundles = storedFolders(layout).map(async (folder) => {
    const place = path.join(layout.store, folder);
    const digest = digests.get(place);
    // A folder that no generation names is left over from an interrupted change; the next collection removes it.
    if (digest === undefined) return [];
    return [fromStore(await readStoredManifest(place), digest)];
  });
  return (await Promise.all(bundles)).flat();
}

async function keptOnly(layout: Layout, session: Pick<Session, 'limits'>): Promise<readonly OpenedArchive[]> {
  const stored = new Set(storedFolders(layout).map((folder) => `${folder.replace('/', '-')}.tgz`));
  const files = keptArchives(layout).filter((file) => !stored.has(path.basename(file)));
  const opened = files.map((file) => peekArchive(file, session.limits).catch(() => null));
  return (await Promise.all(opened)).filter((archive) => archive !== null);
}

function fromArchive(archive: OpenedArchive): KnownBundle {
  return {
    id: archive.id,
    manifest: archive.manifest,
    size: archive.contentSize,
    entries: archive.entries,
    archiveSize: archive.archiveSize,
    at: 'archive',
    file: archive.file,
  };
}

/** A bundle that is unpacked in the store. */
export function fromStore(manifest: StoredManifest, digest: string): KnownBundle {
  const id: BundleId = { name: manifest.name, version: manifest.version, digest };
  const size = manifest.files.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0);
  return { id, manifest, size, entries: manifest.files.length, at: 'store', file: null };
}
