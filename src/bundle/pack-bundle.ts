import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import canonicalize from 'canonicalize';
import { PkgError } from '../error.ts';
import { archiveFile, type FileEntry, type Manifest } from '../model/index.ts';
import { checkSource } from './check-source.ts';
import { collectFiles, type SourceEntry } from './collect-files.ts';
import type { Hashed } from './hash-source.ts';
import { inOtherThreads, inThisThread, type PackThreads } from './pack-threads.ts';
import { readManifest } from './parse-manifest.ts';
import { hookWords, readyHooks, withReadyHooks } from './ready-hooks.ts';
import { digestOf } from './stored-manifest.ts';
import { type Packed, writeArchive } from './write-archive.ts';

export type PackOptions = {
  readonly folder: string;
  readonly outDir: string;
  /** The folder of the ready-made hooks. */
  readonly hookLibrary: string;
  /** Seconds; the time of every entry in the archive. */
  readonly sourceDateEpoch?: number;
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

const SMALL = { bytes: 4 * 1024 * 1024, entries: 400 };
const HASHED_AT_ONCE = 100;

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
  const threads = isSmall(entries) ? inThisThread() : inOtherThreads();
  try {
    const packed = await hashAll(entries, threads);
    const bundleJson = storedForm(manifest, packed);
    const file = join(o.outDir, archiveFile(manifest));
    const content = { bundleJson, entries: packed, mtime: o.sourceDateEpoch ?? 0 };
    await mkdir(o.outDir, { recursive: true });
    await writeBeside(file, async (temporary) => await writeArchive(temporary, content, threads));
    const { size } = await stat(file);
    const { name, version } = manifest;
    return { file, name, version, digest: digestOf(bundleJson), size, files: packed.length, warnings };
  } finally {
    await threads.close();
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

async function readFolder(
  o: PackOptions,
): Promise<{ manifest: Manifest; entries: readonly SourceEntry[]; warnings: readonly string[] }> {
  const manifestFile = join(o.folder, 'bundle.json');
  const text = await readFile(manifestFile, 'utf8').catch((cause: unknown) => {
    throw new PkgError('no-such-file', `cannot build ${o.folder}: there is no readable bundle.json in it`, {
      hint: `begin with: pkg init ${o.folder}`,
      cause,
    });
  });
  const { manifest, source } = readManifest(text, manifestFile);
  const { include, ...stored } = manifest;
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
  });
  return { manifest: stored, entries, warnings };
}

function isSmall(entries: readonly SourceEntry[]): boolean {
  if (entries.length >= SMALL.entries) return false;
  const sizes = entries.map((entry) => (entry.type === 'file' ? statSync(entry.file).size : 0));
  return sizes.reduce((sum, size) => sum + size, 0) < SMALL.bytes;
}

async function hashAll(entries: readonly SourceEntry[], threads: PackThreads): Promise<readonly Packed[]> {
  const files = entries.flatMap((entry) => (entry.type === 'file' ? [entry.file] : []));
  const groups = Array.from({ length: Math.ceil(files.length / HASHED_AT_ONCE) }, (_, at) =>
    files.slice(at * HASHED_AT_ONCE, (at + 1) * HASHED_AT_ONCE),
  );
  const answers = await Promise.all(groups.map(async (group) => await threads.hash(group)));
  const hashed = new Map(answers.flat().map((answer, at) => [files[at], answer]));
  return entries.map((entry) => tableEntry(entry, entry.type === 'file' ? hashed.get(entry.file) : undefined));
}

function tableEntry(entry: SourceEntry, hashed: Hashed | undefined): Packed {
  if (entry.type === 'directory') return { entry: { path: entry.path, type: 'directory', mode: '0755' }, source: null };
  if (entry.type === 'symlink') {
    return { entry: { path: entry.path, type: 'symlink', mode: '0777', target: entry.target }, source: null };
  }
  if (hashed === undefined) throw new PkgError('internal', `internal error: ${entry.path} was not hashed`);
  const { size, sha256, stamp } = hashed;
  const row: FileEntry = { path: entry.path, type: 'file', mode: entry.executable ? '0755' : '0644', size, sha256 };
  return { entry: row, source: { file: entry.file, stamp } };
}

function storedForm(manifest: Manifest, packed: readonly Packed[]): Buffer {
  const text = canonicalize({ ...manifest, files: packed.map(({ entry }) => entry) });
  if (text === undefined) throw new PkgError('internal', 'internal error: the manifest has no canonical form');
  return Buffer.from(text);
}

function buildError(error: unknown, folder: string): unknown {
  if (error instanceof PkgError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new PkgError('system-failed', `cannot build ${folder}: ${message}`, { cause: error });
}
