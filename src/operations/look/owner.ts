import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import { type BundleId, quoted, storeFolder } from '../../model/index.ts';
import { generationNumbers, type Layout, openRoot } from '../../store/index.ts';
import { readInstalled, storedManifest } from '../facts/installed.ts';
import { readableGeneration } from '../facts/read-current.ts';

/** The owner of a path; `extra` = it is in the folder of the bundle, but was not shipped. */
export type Owner = {
  readonly path: string;
  readonly bundle: string;
  readonly version: string | null;
  readonly file: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'configuration' | 'data' | 'extra';
};

/** The bundle that owns a path: in the store, through `current`, a command, a link outside, configuration or data. */
export async function owner(root: string, word: string, cwd: string): Promise<Owner> {
  const { layout } = readInstalled(root);
  if (openRoot(root) === null) throw nobody(word, root);
  const asked = path.resolve(cwd, word);
  const isCommand = !word.includes('/') && !exists(asked);
  const given = isCommand ? path.join(layout.current, 'bin', word) : asked;
  const real = realPath(given);
  const parts = path.relative(fs.realpathSync(root), real).split(path.sep);
  const [room, name = '', folder = '', ...rest] = parts;
  if (room === 'store' && folder !== '')
    return { path: given, ...(await inStore(layout, name, folder, rest.join('/'))) };
  if (room === 'config' && folder !== '')
    return { path: given, ...ofLive(layout, name), file: rest.join('/'), kind: 'configuration' };
  if (room === 'data' && name !== '') {
    return { path: given, ...ofLive(layout, name), file: [folder, ...rest].join('/'), kind: 'data' };
  }
  throw nobody(word, root);
}

async function inStore(layout: Layout, name: string, folder: string, file: string): Promise<Omit<Owner, 'path'>> {
  const id = storedId(layout, name, folder);
  if (id === undefined) throw nobody(path.join(layout.store, name, folder), layout.root);
  const { files } = await storedManifest(layout, id);
  const isManifest = file === 'bundle.json';
  const entry = files.find((one) => one.path === file);
  const kind = file === '' ? 'directory' : isManifest ? 'file' : (entry?.type ?? 'extra');
  return { bundle: id.name, version: id.version, file, kind };
}

function storedId(layout: Layout, name: string, folder: string): BundleId | undefined {
  return generationNumbers(layout)
    .flatMap((number) => readableGeneration(layout, number)?.bundles ?? [])
    .find((bundle) => bundle.name === name && storeFolder(bundle) === folder);
}

function ofLive(layout: Layout, name: string) {
  const version = readInstalled(layout.root).generation?.bundles.find((bundle) => bundle.name === name)?.version;
  return { bundle: name, version: version ?? null };
}

/** As far as it exists with every link followed, the rest as it is written: a deleted file and a circle of links have an owner. */
function realPath(file: string): string {
  const above = path.dirname(file);
  if (!exists(file)) return above === file ? file : path.join(realPath(above), path.basename(file));
  try {
    return fs.realpathSync(file);
  } catch (error) {
    if (codeOf(error) === 'ELOOP') return path.join(realPath(above), path.basename(file));
    if (codeOf(error) !== 'ENOENT') throw error;
    return realPath(path.resolve(realPath(above), fs.readlinkSync(file)));
  }
}

function exists(file: string): boolean {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    if (['ELOOP', 'ENAMETOOLONG'].includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function nobody(word: string, root: string): PkgError {
  return new PkgError('unknown-name', `no bundle of ${root} owns ${quoted(word)}`, {
    hint: 'pkg files NAME lists what one has',
  });
}
