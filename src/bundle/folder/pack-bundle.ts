import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import canonicalize from 'canonicalize';
import { PkgError } from '../../error.ts';
import { archiveFile, type Manifest, quoted } from '../../model/index.ts';
import { makeFolders } from '../../system/index.ts';
import { type Packed, writeArchive } from '../archive/write-archive.ts';
import { checkSource } from '../checks/check-source.ts';
import { readManifest } from '../manifest/parse-manifest.ts';
import { digestOf } from '../manifest/stored-manifest.ts';
import { collectFiles, type SourceEntry } from './collect-files.ts';
import { hashSource } from './hash-source.ts';
import { hookWords, readyHooks, withReadyHooks } from './ready-hooks.ts';

export type PackOptions = {
  readonly folder: string;
  readonly outDir: string;
  /** The folder of the ready-made hooks. */
  readonly hookLibrary: string;
  /** Seconds; the time of every entry in the archive. */
  readonly sourceDateEpoch?: number;
  /** What runs in the folder before its files are looked at. */
  readonly prepare?: (manifest: Manifest) => Promise<void>;
  /** Earlier bundles of the same name to hold the upgrade paths against. */
  readonly against?: readonly Manifest[];
};

export type PackedBundle = {
  readonly file: string;
  readonly name: string;
  readonly version: string;
  readonly digest: string;
  /** Bytes of the .tgz. */
  readonly size: number;
  /** Entries of the table in `bundle.json`. */
  readonly files: number;
  readonly warnings: readonly string[];
};

// between two looks at the world: signals are heard
const HASHED_AT_ONCE = 8 * 1024 * 1024;

/** Makes `NAME-VERSION.tgz` of a folder; the same folder gives the same bytes, a failed build leaves nothing. */
export async function packBundle(o: PackOptions): Promise<PackedBundle> {
  try {
    return await pack(o);
  } catch (error) {
    throw buildError(error, o.folder);
  }
}

async function pack(o: PackOptions): Promise<PackedBundle> {
  const { manifest, entries, warnings } = await readFolder(o);
  const packed = await hashAll(entries);
  const bundleJson = storedForm(manifest, packed);
  const file = join(o.outDir, archiveFile(manifest));
  const content = { bundleJson, entries: packed, mtime: o.sourceDateEpoch ?? 0 };
  makeOutDir(o.outDir);
  await writeBeside(file, async (temporary) => await writeArchive(temporary, content));
  const { size } = await stat(file);
  const { name, version } = manifest;
  return { file, name, version, digest: digestOf(bundleJson), size, files: packed.length, warnings };
}

function makeOutDir(folder: string): void {
  try {
    makeFolders(folder);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw cause;
    throw new PkgError('usage', `cannot build into ${folder}: it is not a folder`, {
      hint: 'name a folder: pkg build -o DIR',
      cause,
    });
  }
}

// Under a name of its own until it is whole: nobody ever finds half an archive.
async function writeBeside(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = join(dirname(file), `.${basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await write(temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

// A pipe would be waited for, and no signal ends that.
async function readWhole(file: string): Promise<string> {
  if ((await stat(file)).isFile()) return readFile(file, 'utf8');
  throw new Error(`${file} is no file`);
}

function noManifest(folder: string, cause: unknown): PkgError {
  if ((cause as NodeJS.ErrnoException).code === 'ENOTDIR') {
    const hint = `name the folder that holds bundle.json: pkg build ${quoted(dirname(folder))}`;
    return new PkgError('no-such-file', `cannot build ${folder}: it is not a folder`, { hint, cause });
  }
  const hint = `begin with: pkg init ${quoted(folder)}`;
  return new PkgError('no-such-file', `cannot build ${folder}: there is no readable bundle.json in it`, {
    hint,
    cause,
  });
}

async function readFolder(
  o: PackOptions,
): Promise<{ manifest: Manifest; entries: readonly SourceEntry[]; warnings: readonly string[] }> {
  const manifestFile = join(o.folder, 'bundle.json');
  const text = await readWhole(manifestFile).catch((cause: unknown) => {
    throw noManifest(o.folder, cause);
  });
  const { manifest, source } = readManifest(text, manifestFile);
  await o.prepare?.(manifest);
  const { include, prebuild: _, ...stored } = manifest;
  const always = new Set(hookWords(manifest.hooks).map(({ word }) => word));
  const places = { folder: o.folder, outDir: o.outDir, bundleName: manifest.name };
  const collected = collectFiles({ ...places, include: include ?? ['**'], always });
  const ready = readyHooks(manifest, o.hookLibrary);
  const entries = withReadyHooks(collected.entries, ready.entries);
  const warnings = checkSource({
    manifest,
    source,
    entries,
    folder: o.folder,
    found: collected.problems,
    hooks: ready.problems,
    against: o.against ?? [],
  });
  return { manifest: stored, entries, warnings };
}

async function hashAll(entries: readonly SourceEntry[]): Promise<readonly Packed[]> {
  const packed: Packed[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const row = tableEntry(entry);
    packed.push(row);
    bytes += row.entry.type === 'file' ? row.entry.size : 0;
    if (bytes < HASHED_AT_ONCE) continue;
    bytes = 0;
    await setImmediate();
  }
  return packed;
}

// The keys stand in the order of the canonical form, so that the table is written in one go.
function tableEntry(entry: SourceEntry): Packed {
  const { path, type } = entry;
  if (type === 'directory') return { entry: { mode: '0755', path, type }, source: null };
  if (type === 'symlink') return { entry: { mode: '0777', path, target: entry.target, type }, source: null };
  const { size, sha256, stamp } = hashSource(entry.file);
  const mode = entry.executable ? '0755' : '0644';
  return { entry: { mode, path, sha256, size, type }, source: { file: entry.file, stamp } };
}

// Canonical JSON (RFC 8785): for a long table the general way takes ten times its size in memory.
function storedForm(manifest: Manifest, packed: readonly Packed[]): Buffer {
  const members = Object.entries(manifest)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `"${key}":${canonicalize(value)}`);
  const table = JSON.stringify(packed.map(({ entry }) => entry));
  return Buffer.from(`{${[...members, `"files":${table}`].toSorted().join(',')}}`);
}

function buildError(error: unknown, folder: string): unknown {
  if (error instanceof PkgError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new PkgError('system-failed', `cannot build ${folder}: ${message}`, { cause: error });
}
