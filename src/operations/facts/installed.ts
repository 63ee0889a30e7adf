import { DEFAULT_LIMITS, peekArchive, readStoredManifest } from '../../bundle/index.ts';
import { PkgError } from '../../error.ts';
import {
  type BundleId,
  compareVersions,
  type Generation,
  type InstalledBundle,
  inRange,
  type NameRange,
  nearestWord,
  quoted,
  type StoredManifest,
} from '../../model/index.ts';
import type { Member } from '../../plan/index.ts';
import { type Layout, layoutOf, leftBehind, openRoot } from '../../store/index.ts';
import { fromStore, knownBundles } from './known-bundles.ts';
import { readCurrent } from './read-current.ts';

/** What is live on a root, for commands that only look. */
export type Installed = { readonly layout: Layout; readonly generation: Generation | null };

/** The live generation without the lock; none where there is no root. */
export function readInstalled(root: string): Installed {
  return { layout: layoutOf(root), generation: openRoot(root) === null ? null : readCurrent(layoutOf(root)) };
}

/** The bundles of a generation with their manifests. */
export function membersOnDisk({ layout, generation }: Installed): Promise<readonly Member[]> {
  return Promise.all(
    (generation?.bundles ?? []).map(async (bundle) => {
      const { name, version, digest, explicit } = bundle;
      const manifest = await readStoredManifest(layout.bundle({ name, version, digest }));
      return { ...fromStore(manifest, digest), explicit };
    }),
  );
}

/** The installed bundle of that name, or `unknown-name` with the name that was probably meant. */
export function installedNamed(name: string, { layout, generation }: Installed): InstalledBundle {
  const bundles = generation?.bundles ?? [];
  const found = bundles.find((bundle) => bundle.name === name);
  if (found !== undefined) return found;
  const names = bundles.map((bundle) => bundle.name);
  throw new PkgError('unknown-name', `${quoted(name)} is not installed in ${layout.root}`, {
    hint: meant(name, names),
  });
}

/** The installed bundle that a word like `web` or `web@1.0.0` asks for, else the newest kept one. */
export async function bundleNamed({ name, range }: NameRange, installed: Installed): Promise<BundleId> {
  const { layout, generation } = installed;
  const live = generation?.bundles.find((bundle) => bundle.name === name);
  if (live !== undefined && (range === null || range === live.version)) return live;
  const known = [...(await knownBundles(layout, [], { limits: DEFAULT_LIMITS })).values()];
  const [best] = known
    .filter(({ id, manifest }) => id.name === name && isMeant(id.version, manifest.label, range))
    .map(({ id }) => id)
    .toSorted((a, b) => compareVersions(b.version, a.version));
  if (best !== undefined) return best;
  const what = range === null ? name : `${name} ${range}`;
  const isLeft = live === undefined && leftBehind(layout, []).some((left) => left.name === name);
  throw new PkgError('unknown-name', `${quoted(what)} is neither installed nor kept in ${layout.root}`, {
    hint: isLeft
      ? `it was removed and left something behind; to delete that: pkg remove --purge ${name}`
      : meant(
          name,
          known.map(({ id }) => id.name).filter((other) => other !== name),
        ),
  });
}

/** The manifest and table of a bundle, unpacked or only kept as an archive. */
export async function storedManifest(layout: Layout, id: BundleId): Promise<StoredManifest> {
  try {
    return await readStoredManifest(layout.bundle(id), id.digest);
  } catch (error) {
    const kept = await peekArchive(layout.archive(id), DEFAULT_LIMITS).catch(() => null);
    if (kept === null) throw error;
    return kept.manifest;
  }
}

function isMeant(version: string, label: string | undefined, range: string | null): boolean {
  return range === null || range === version || range === label || inRange(version, range);
}

function meant(name: string, names: readonly string[]): string {
  const near = nearestWord(name, names);
  return near === null ? 'pkg list --all shows the names' : `did you mean ${near}?`;
}
