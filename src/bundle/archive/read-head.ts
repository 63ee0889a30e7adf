import type { BundleId, StoredManifest } from '../../model/index.ts';
import { contentSize } from '../manifest/file-table.ts';
import { digestOf } from '../manifest/stored-manifest.ts';
import { BreachError } from './breach-error.ts';
import type { ByteReader } from './byte-reader.ts';
import type { Limits } from './limits.ts';
import { type ReadEntry, readEntry, skipPadding } from './read-entry.ts';

/** What an archive says of itself once its `bundle.json` was read and checked. */
export type OpenedArchive = {
  readonly file: string;
  readonly id: BundleId;
  readonly manifest: StoredManifest;
  /** The upstream's own name for this version, or null. */
  readonly label: string | null;
  /** Bytes of content when unpacked. */
  readonly contentSize: number;
  /** Entries when unpacked, `bundle.json` included. */
  readonly entries: number;
  /** Bytes of the .tgz. */
  readonly archiveSize: number;
};

/** Reads and checks `bundle.json`, which stands first in every archive. */
export async function readHead(
  bytes: ByteReader,
  about: {
    readonly shown: string;
    readonly size: number;
    readonly limits: Limits;
    readonly expectDigest?: string | undefined;
  },
): Promise<{ readonly opened: OpenedArchive; readonly bundleJson: Buffer }> {
  const bundleJson = await readBundleJson(bytes, about.limits);
  const digest = digestOf(bundleJson);
  // What is installed was checked when it came: only archives need the schema, and loading it takes its time.
  const { parseStoredManifest } = await import('../manifest/checked-manifest.ts');
  const manifest = parseStoredManifest(bundleJson, digest);
  const opened = describe(manifest, { file: about.shown, digest, archiveSize: about.size, bundleJson });
  checkLimits(opened, about.limits);
  if (about.expectDigest !== undefined && about.expectDigest !== digest) {
    throw new BreachError('digest-mismatch', null, digest);
  }
  return { opened, bundleJson };
}

async function readBundleJson(bytes: ByteReader, limits: Limits): Promise<Buffer> {
  const entry = await firstEntry(bytes);
  if (entry?.path !== 'bundle.json' || entry.type !== 'file')
    throw new BreachError('not-a-bundle', entry?.path ?? null);
  if (entry.mode !== 0o644) throw new BreachError('mode-mismatch', entry.path);
  if (entry.size > limits.maxManifest) throw new BreachError('manifest-too-large', entry.path, `${entry.size} bytes`);
  // a copy: the chunk it lies in is much larger and would stay in memory with it
  const bundleJson = Buffer.from(await bytes.exactly(entry.size, entry.path));
  await skipPadding(bytes, entry.size, entry.path);
  return bundleJson;
}

async function firstEntry(bytes: ByteReader): Promise<ReadEntry | null> {
  try {
    return await readEntry(bytes, null);
  } catch (error) {
    if (!(error instanceof BreachError) || error.breach.rule !== 'bad-header') throw error;
    const { entry } = error.breach;
    if (entry === null) throw new BreachError('not-tar', null);
    // headers of other tools are no news where nothing else is a bundle's
    throw entry === 'bundle.json' ? error : new BreachError('not-a-bundle', entry);
  }
}

function describe(
  manifest: StoredManifest,
  from: { file: string; digest: string; archiveSize: number; bundleJson: Buffer },
): OpenedArchive {
  return {
    file: from.file,
    id: { name: manifest.name, version: manifest.version, digest: from.digest },
    manifest,
    label: manifest.label ?? null,
    contentSize: contentSize(manifest.files) + from.bundleJson.length,
    entries: manifest.files.length + 1,
    archiveSize: from.archiveSize,
  };
}

function checkLimits(opened: OpenedArchive, limits: Limits): void {
  if (opened.contentSize > limits.maxSize) {
    throw new BreachError('too-large', 'bundle.json', `${opened.contentSize} bytes, at most ${limits.maxSize}`);
  }
  if (opened.entries > limits.maxEntries) {
    throw new BreachError('too-many-entries', 'bundle.json', `${opened.entries}, at most ${limits.maxEntries}`);
  }
}
