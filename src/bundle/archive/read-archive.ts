import { stat } from 'node:fs/promises';
import { PkgError } from '../../error.ts';
import type { BundleId, FileEntry, StoredManifest } from '../../model/index.ts';
import { contentSize } from '../manifest/file-table.ts';
import { digestOf, parseStoredManifest } from '../manifest/stored-manifest.ts';
import { BreachError } from './breach-error.ts';
import { ByteReader } from './byte-reader.ts';
import { isZero } from './decode-header.ts';
import { comparePaths } from './entry-path.ts';
import { gunzip } from './gunzip.ts';
import type { Limits } from './limits.ts';
import { type ReadEntry, readEntry, skipPadding } from './read-entry.ts';
import { archiveError } from './rules.ts';
import { BLOCK } from './tar-block.ts';

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

type File = Extract<FileEntry, { type: 'file' }>;

/** Where content goes while an archive is read: the table first, then every file in its order. */
export type Sink = {
  begin(opened: OpenedArchive, bundleJson: Buffer): Promise<void>;
  file(entry: File): Promise<void>;
  bytes(part: Buffer): Promise<void>;
  fileEnd(): Promise<void>;
};

// GNU tar fills its last record of 10 KiB with zeros
const MOST_ZEROS_AT_END = 64 * 1024;

/** Reads a whole archive by the rules and hands its content on; `sink` null stops after `bundle.json`. */
export async function readArchive(
  file: string,
  sink: Sink | null,
  check: { readonly limits: Limits; readonly shown?: string; readonly expectDigest?: string | undefined },
): Promise<OpenedArchive> {
  const shown = check.shown ?? file;
  const archiveSize = await sizeOf(file, shown);
  const bytes = new ByteReader(gunzip(file));
  try {
    const bundleJson = await readBundleJson(bytes, check.limits);
    const digest = digestOf(bundleJson);
    const manifest = parseStoredManifest(bundleJson, digest);
    const opened = describe(manifest, { file: shown, digest, archiveSize, bundleJson });
    checkLimits(opened, check.limits);
    if (check.expectDigest !== undefined && check.expectDigest !== opened.id.digest) {
      throw new BreachError('digest-mismatch', null, opened.id.digest);
    }
    if (sink === null) return opened;
    await sink.begin(opened, bundleJson);
    for (const entry of manifest.files) await readContent(bytes, entry, { sink, files: manifest.files });
    await readEnd(bytes, manifest.files);
    return opened;
  } catch (error) {
    throw error instanceof BreachError ? archiveError(shown, error.breach) : error;
  } finally {
    await bytes.close();
  }
}

async function sizeOf(file: string, shown: string): Promise<number> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new PkgError('no-such-file', `cannot read archive ${shown}: no such file`, { cause });
  });
  if (!found.isFile()) throw new PkgError('not-an-archive', `cannot use archive ${shown}: it is not a file`);
  return found.size;
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
    const isNoTar = error instanceof BreachError && error.breach.rule === 'bad-header' && error.breach.entry === null;
    throw isNoTar ? new BreachError('not-tar', null) : error;
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

async function readContent(
  bytes: ByteReader,
  expected: FileEntry,
  context: { sink: Sink; files: readonly FileEntry[] },
): Promise<void> {
  const found = await readEntry(bytes, expected.path);
  if (found === null) throw new BreachError('missing-entry', expected.path);
  if (found.path !== expected.path) throw unexpectedEntry(found.path, expected.path, context.files);
  compare(found, expected);
  if (expected.type !== 'file') return;
  await context.sink.file(expected);
  for (let missing = expected.size; missing > 0; ) {
    const part = await bytes.some(missing);
    if (part === null) throw new BreachError('truncated', expected.path);
    await context.sink.bytes(part);
    missing -= part.length;
  }
  await context.sink.fileEnd();
  await skipPadding(bytes, expected.size, expected.path);
}

// The table is sorted and so is the archive: which of the two comes first tells what is wrong.
function unexpectedEntry(found: string, expected: string, files: readonly FileEntry[]): BreachError {
  if (!files.some((entry) => entry.path === found)) {
    const twin = files.find((entry) => entry.path.normalize('NFC') === found.normalize('NFC'));
    if (twin !== undefined) return new BreachError('same-name-in-unicode', found, twin.path);
    return found === 'bundle.json' ? new BreachError('duplicate-path', found) : new BreachError('added-entry', found);
  }
  return comparePaths(found, expected) < 0
    ? new BreachError('duplicate-path', found)
    : new BreachError('missing-entry', expected);
}

function compare(found: ReadEntry, expected: FileEntry): void {
  if (found.type !== expected.type) throw new BreachError('type-mismatch', expected.path, found.type);
  if (found.mode !== Number.parseInt(expected.mode, 8)) {
    throw new BreachError('mode-mismatch', expected.path, found.mode.toString(8).padStart(4, '0'));
  }
  if (expected.type === 'symlink' && found.target !== expected.target) {
    throw new BreachError('target-mismatch', expected.path, found.target);
  }
  if (expected.type === 'file' && found.size !== expected.size) {
    throw new BreachError('size-mismatch', expected.path, `${found.size} bytes instead of ${expected.size}`);
  }
}

async function readEnd(bytes: ByteReader, files: readonly FileEntry[]): Promise<void> {
  const last = files.at(-1)?.path ?? 'bundle.json';
  const extra = await readEntry(bytes, last);
  if (extra !== null) throw unexpectedEntry(extra.path, '\u{10ffff}', files);
  if (!isZero(await bytes.exactly(BLOCK, null))) throw new BreachError('tar-trailing-data', null);
  let zeros = 0;
  for (let part = await bytes.some(BLOCK); part !== null; part = await bytes.some(MOST_ZEROS_AT_END)) {
    zeros += part.length;
    if (zeros > MOST_ZEROS_AT_END || !isZero(part)) throw new BreachError('tar-trailing-data', null);
  }
}
