import { chmodSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { chmod, constants, copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PkgError } from '../../error.ts';
import type { FileEntry, StoredManifest } from '../../model/index.ts';
import { DEFAULT_LIMITS, type Limits } from '../archive/limits.ts';
import { type OpenedArchive, readArchive, type Sink } from '../archive/read-archive.ts';
import { archiveError } from '../archive/rules.ts';
import { UnpackFailure, UnpackQueue } from './unpack-queue.ts';

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
  /** Hears from time to time how many bytes of the content were unpacked. */
  onProgress?(bytes: number, of: number): void;
};

/** Unpacks an archive into a new folder with everything checked; on any failure nothing of it is left. */
export async function stageArchive(o: StageOptions): Promise<OpenedArchive & { readonly linked: number }> {
  const made: string[] = [];
  try {
    await mkdir(o.into, { mode: 0o700 });
    made.push(o.into);
    if (o.keepCopy !== null) await copyArchive(o.file, o.keepCopy, made);
    // what is read is the copy: it cannot change between being checked and being kept
    return await unpack(o.keepCopy ?? o.file, o);
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

async function copyArchive(from: string, to: string, made: string[]): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE).catch(
    (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT' || cause.syscall === undefined) throw cause;
      throw new PkgError('no-such-file', `cannot read archive ${from}: no such file`, { cause });
    },
  );
  made.push(to);
  await chmod(to, 0o644);
}

async function unpack(file: string, o: StageOptions): Promise<OpenedArchive & { readonly linked: number }> {
  const check = { limits: o.limits ?? DEFAULT_LIMITS, shown: o.file, expectDigest: o.expectDigest };
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

async function readThrough(
  file: string,
  target: Target | null,
  check: { readonly limits: Limits; readonly shown: string; readonly expectDigest?: string | undefined },
): Promise<{ readonly opened: OpenedArchive; readonly linked: number }> {
  let queue: UnpackQueue | null = null;
  let count: (bytes: number) => void = () => {};
  const twinOf = twinFinder(target?.reuse ?? null);
  const sink: Sink = {
    begin: async (opened, bundleJson) => {
      if (target !== null) prepareFolder(target.into, opened.manifest.files, bundleJson);
      queue = new UnpackQueue(target?.into ?? null, { bytes: opened.contentSize, entries: opened.entries });
      if (target?.report !== undefined) count = counter(target.report, opened.contentSize);
      count(bundleJson.length);
    },
    file: async (entry) => await queue?.begin(entry, twinOf(entry)),
    bytes: async (part) => {
      await queue?.bytes(part);
      count(part.length);
    },
    fileEnd: async () => await queue?.end(),
  };
  try {
    const opened = await readArchive(file, sink, check);
    await (queue as UnpackQueue | null)?.finish();
    return { opened, linked: (queue as UnpackQueue | null)?.linked ?? 0 };
  } catch (error) {
    throw error instanceof UnpackFailure ? unpackError(error, check.shown) : error;
  } finally {
    await (queue as UnpackQueue | null)?.close();
  }
}

/** Reports every fiftieth part, but never less than a megabyte, and the end. */
function counter(report: Report, of: number): (bytes: number) => void {
  const stride = Math.max(1 << 20, of / 50);
  let [unpacked, next] = [0, stride];
  return (bytes) => {
    unpacked += bytes;
    if (unpacked < next && unpacked < of) return;
    next = unpacked + stride;
    report(unpacked, of);
  };
}

function prepareFolder(into: string, files: readonly FileEntry[], bundleJson: Buffer): void {
  writeFileSync(join(into, 'bundle.json'), bundleJson, { flag: 'wx', mode: 0o444 });
  chmodSync(join(into, 'bundle.json'), 0o444);
  for (const entry of files) {
    if (entry.type === 'directory') mkdirSync(join(into, entry.path), { mode: 0o755 });
  }
}

type File = Extract<FileEntry, { type: 'file' }>;

function twinFinder(reuse: Reuse | null): (entry: File) => string | null {
  const twins = { '0644': new Map<string, string>(), '0755': new Map<string, string>() };
  for (const entry of reuse?.manifest.files ?? []) {
    if (entry.type === 'file') twins[entry.mode].set(entry.sha256, entry.path);
  }
  return ({ mode, sha256 }) => {
    const path = twins[mode].get(sha256);
    return reuse === null || path === undefined ? null : join(reuse.folder, path);
  };
}

function unpackError({ result }: UnpackFailure, archive: string): PkgError {
  if (result.kind === 'mismatch') return archiveError(archive, { rule: 'sha256-mismatch', entry: result.path });
  return new PkgError('system-failed', `cannot unpack '${result.path}' of ${archive}: ${result.message}`);
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
