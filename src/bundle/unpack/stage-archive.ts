import { chmodSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PkgError } from '../../error.ts';
import type { FileEntry, StoredManifest } from '../../model/index.ts';
import { DEFAULT_LIMITS, type Limits } from '../archive/limits.ts';
import { type Check, readArchive, readSections, type Sink } from '../archive/read-archive.ts';
import type { OpenedArchive } from '../archive/read-head.ts';
import { beginCopy, type Copying, noCopy } from './copy-archive.ts';
import { LanePool } from './lane-pool.ts';
import { createUnpacker, type TwinOf, UnpackFailure } from './unpack-files.ts';
import type { Count } from './unpack-section.ts';
import { unpackSections } from './unpack-sections.ts';

/** An installed version of the same bundle whose unchanged files may be shared. */
export type Reuse = { readonly folder: string; readonly manifest: StoredManifest };

export type StageOptions = {
  readonly file: string;
  /** The folder to make; its parent exists. */
  readonly into: string;
  /** Where a copy of the archive goes, or null. */
  readonly keepCopy: string | null;
  readonly reuse: Reuse | null;
  readonly limits?: Limits;
  readonly expectDigest?: string;
  /** Hears from time to time how much of the content was unpacked. */
  onProgress?(unpacked: Unpacked): void;
};

/** Bytes of content and whole files that are there, and how many there will be. */
export type Unpacked = {
  readonly bytes: number;
  readonly of: number;
  readonly files: number;
  readonly ofFiles: number;
};

/** Unpacks an archive into a new folder with everything checked; on any failure nothing of it is left. */
export async function stageArchive(o: StageOptions): Promise<OpenedArchive & { readonly linked: number }> {
  const made: string[] = [];
  try {
    await mkdir(o.into, { mode: 0o700 });
    made.push(o.into);
    using copying = o.keepCopy === null ? noCopy(o.file) : await beginCopy(o.file, o.keepCopy, made);
    return await unpack(copying, o);
  } catch (error) {
    for (const path of made) await removeTree(path);
    throw systemError(error, o.into);
  }
}

/** Reads an archive to its end and checks everything; writes nothing. */
export async function verifyArchive(file: string, limits: Limits = DEFAULT_LIMITS): Promise<OpenedArchive> {
  const { opened } = await readThrough(file, null, { limits, shown: file });
  return opened;
}

/** Reads only the `bundle.json` of an archive, which stands first. */
export async function peekArchive(file: string, limits: Limits = DEFAULT_LIMITS): Promise<OpenedArchive> {
  return await readArchive(file, null, { limits });
}

async function unpack(
  { file, copyFd }: Copying,
  o: StageOptions,
): Promise<OpenedArchive & { readonly linked: number }> {
  const check = { limits: o.limits ?? DEFAULT_LIMITS, shown: o.file, expectDigest: o.expectDigest, copyFd };
  const report = o.onProgress?.bind(o);
  const { opened, linked } = await readThrough(file, { into: o.into, reuse: o.reuse, report }, check);
  // links last: while files are written, no path can lead through one
  for (const entry of opened.manifest.files) {
    if (entry.type === 'symlink') symlinkSync(entry.target, join(o.into, entry.path));
  }
  for (const entry of opened.manifest.files) {
    if (entry.type === 'directory') chmodSync(join(o.into, entry.path), 0o555);
  }
  chmodSync(o.into, 0o755);
  return { ...opened, linked };
}

type Report = NonNullable<StageOptions['onProgress']>;

type Target = Pick<StageOptions, 'into' | 'reuse'> & { readonly report: Report | undefined };

// starting threads costs more than a small bundle takes
const SMALL = { bytes: 4 * 1024 * 1024, entries: 400 };

async function readThrough(
  file: string,
  target: Target | null,
  check: Check & { readonly shown: string },
): Promise<{ readonly opened: OpenedArchive; readonly linked: number }> {
  const into = target?.into ?? null;
  const twinOf = twinFinder(target?.reuse ?? null);
  let count: Count = () => {};
  let pool = null as LanePool | null;
  let linked = 0;
  const unpacker = createUnpacker(into, twinOf, () => (linked += 1));
  const sink: Sink = {
    ...unpacker,
    begin: async (opened, bundleJson, source) => {
      if (target?.report !== undefined) count = counter(target.report, wholeOf(opened));
      // first of all: threads start while the folders are made
      if (source !== null && !isSmall(opened)) pool = new LanePool({ source, into }, count);
      if (target !== null) prepareFolder(target.into, opened.manifest.files, bundleJson);
      count(bundleJson.length, 0);
    },
    bytes: async (part) => {
      await unpacker.bytes(part);
      count(part.length, 0);
    },
    fileEnd: async () => {
      await unpacker.fileEnd();
      count(0, 1);
    },
    sections: async (divided) => {
      if (pool === null) await readSections(divided, sink);
      else linked = await unpackSections(divided, twinOf, pool);
    },
  };
  try {
    const opened = await readArchive(file, sink, check);
    return { opened, linked };
  } catch (error) {
    if (!(error instanceof UnpackFailure)) throw error;
    const what = error.path === null ? check.shown : `'${error.path}' of ${check.shown}`;
    throw new PkgError('system-failed', `cannot unpack ${what}: ${error.message}`);
  } finally {
    unpacker.close();
    await pool?.close();
  }
}

function isSmall({ contentSize, entries }: OpenedArchive): boolean {
  return contentSize < SMALL.bytes && entries < SMALL.entries;
}

/** Reports every fiftieth part, but never less than a megabyte, and the end. */
function counter(report: Report, { of, ofFiles }: Pick<Unpacked, 'of' | 'ofFiles'>): Count {
  const stride = Math.max(1 << 20, of / 50);
  let [bytes, files, next] = [0, 0, stride];
  return (moreBytes, moreFiles) => {
    bytes += moreBytes;
    files += moreFiles;
    const isWhole = bytes >= of && files >= ofFiles;
    if (bytes < next && !isWhole) return;
    next = bytes + stride;
    report({ bytes, of, files, ofFiles });
  };
}

function wholeOf({ contentSize, manifest }: OpenedArchive): Pick<Unpacked, 'of' | 'ofFiles'> {
  return { of: contentSize, ofFiles: manifest.files.filter(({ type }) => type === 'file').length };
}

function prepareFolder(into: string, files: readonly FileEntry[], bundleJson: Buffer): void {
  writeFileSync(join(into, 'bundle.json'), bundleJson, { flag: 'wx', mode: 0o444 });
  chmodSync(join(into, 'bundle.json'), 0o444);
  for (const entry of files) {
    if (entry.type === 'directory') mkdirSync(join(into, entry.path), { mode: 0o755 });
  }
}

function twinFinder(reuse: Reuse | null): TwinOf {
  const twins = { '0644': new Map<string, string>(), '0755': new Map<string, string>() };
  for (const entry of reuse?.manifest.files ?? []) {
    if (entry.type === 'file') twins[entry.mode].set(entry.sha256, entry.path);
  }
  return ({ mode, sha256 }) => {
    const path = twins[mode].get(sha256);
    return reuse === null || path === undefined ? null : join(reuse.folder, path);
  };
}

function systemError(error: unknown, into: string): unknown {
  if (error instanceof PkgError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) return error;
  return new PkgError('system-failed', `cannot unpack into ${into}: ${message}`, { cause: error });
}

// Read-only folders of a half-finished tree have to be opened again before their content can go.
async function removeTree(path: string): Promise<void> {
  openFolders(path);
  await rm(path, { recursive: true, force: true });
}

function openFolders(path: string): void {
  if (!lstatSync(path).isDirectory()) return;
  chmodSync(path, 0o700);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(path, entry.name));
  }
}
