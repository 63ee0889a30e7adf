import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import { mountPoint, writeDurably } from '../system/index.ts';
import { generationNumbers } from './generations.ts';
import { type Layout, layoutOf } from './layout.ts';
import { readPointer } from './pointer.ts';

const FORMAT = '1';
const FOLDERS = [
  'generations',
  'store',
  'config',
  'archives',
  'data',
  'transactions',
  'run',
  'log',
  'tmp',
  'trash',
] as const;
const PRIVATE: readonly string[] = ['transactions', 'run', 'log', 'tmp', 'trash'];

const ELSEWHERE: readonly string[] = ['archives', 'data'];

/** Opens a root for reading: null when there is none yet at `root`, a PkgError when it is damaged or of a newer format. */
export function openRoot(root: string): Layout | null {
  const layout = layoutOf(root);
  const identity = readIdentity(layout);
  if (identity === null) return withoutIdentity(layout);
  if (identity === 'damaged')
    throw new PkgError('root-damaged', `${layout.identity} is damaged`, { hint: 'pkg recover' });
  refuseNewerFormat(identity, layout.identity);
  return layout;
}

/** Makes sure that `root` exists and can be changed; an interrupted creation is finished by the next one. */
export function createRoot(root: string): Layout {
  const layout = layoutOf(root);
  const known = openRoot(root);
  if (known === null) refuseForeignFolder(root);
  try {
    for (const folder of FOLDERS) {
      // A disk that is away keeps nobody from recovering or going back.
      if (ELSEWHERE.includes(folder) && isLink(layout[folder])) continue;
      fs.mkdirSync(layout[folder], { recursive: true, mode: PRIVATE.includes(folder) ? 0o700 : 0o755 });
    }
    fs.accessSync(root, fs.constants.W_OK);
    refuseOtherFileSystems(layout);
    if (known === null) writeIdentity(layout);
  } catch (error) {
    throw error instanceof PkgError ? error : unwritable(root, error);
  }
  return layout;
}

/** Whether `root.json` was removed from a root that was in use, or damaged; one that is only half made has no generation yet. */
export function isIdentityLost(layout: Layout): 'missing' | 'damaged' | false {
  const identity = readIdentity(layout);
  if (identity === 'damaged') return 'damaged';
  if (identity !== null) return false;
  return readPointer(layout).kind === 'generation' || generationNumbers(layout).length > 0 ? 'missing' : false;
}

/** Says that this is a root, of which format, and what it is called; a new one gets a name of its own. */
export function writeIdentity(layout: Layout, id: string = newId()): void {
  writeDurably(layout.identity, `${JSON.stringify({ formatVersion: FORMAT, id })}\n`);
}

/** The random name that tells this root from others on the machine. */
export function readRootId(layout: Layout): string {
  const identity = readIdentity(layout);
  if (identity !== null && identity !== 'damaged') return identity.id;
  throw new PkgError('root-damaged', `${layout.identity} is ${identity ?? 'missing'}`, { hint: 'pkg recover' });
}

type Identity = { readonly formatVersion: string; readonly id: string };

/** null where there is none. A file of a newer format has a format and an id as well, whatever else it has. */
function readIdentity(layout: Layout): Identity | 'damaged' | null {
  try {
    return identityIn(fs.readFileSync(layout.identity, 'utf8'));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    if (isCode(error, 'ENOTDIR'))
      throw new PkgError('root-unusable', `cannot use ${layout.root} as a root: it is not a folder`);
    throw new PkgError('system-failed', `cannot read ${layout.identity}`, { cause: error });
  }
}

function identityIn(text: string): Identity | 'damaged' {
  try {
    const { formatVersion, id } = JSON.parse(text) as Partial<Identity>;
    const isWhole = /^\d+$/.test(String(formatVersion)) && typeof id === 'string' && id !== '';
    return isWhole ? { formatVersion: String(formatVersion), id } : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** A write below the root that failed, as an operator should read it. */
export function unwritable(root: string, found: unknown): PkgError {
  const error = realReason(found);
  if (isCode(error, 'EROFS') || isCode(error, 'EACCES') || isCode(error, 'EPERM')) {
    return new PkgError('read-only', `cannot write below ${root}: ${reason(error)}`, {
      hint: 'reading commands still work; run as the owner of the root, or choose another: --root DIR',
      cause: error,
    });
  }
  if (isCode(error, 'ENOSPC') || isCode(error, 'EDQUOT')) {
    return new PkgError('no-space', `no room left below ${root}`, {
      hint: 'free some space, for example: pkg gc',
      cause: error,
    });
  }
  if (isCode(error, 'ENOTDIR') || isCode(error, 'EEXIST')) {
    return new PkgError('root-unusable', `cannot use ${root} as a root: ${reason(error)}`, { cause: error });
  }
  return new PkgError('system-failed', `cannot write below ${root}: ${reason(error)}`, { cause: error });
}

/** Where a folder and those above it cannot be made, Node says that they are missing. */
function realReason(error: unknown): unknown {
  const { code, syscall, path: folder } = error as NodeJS.ErrnoException;
  if (code !== 'ENOENT' || syscall !== 'mkdir' || folder === undefined) return error;
  try {
    fs.accessSync(nearestThere(folder), fs.constants.W_OK);
    return error;
  } catch (denied) {
    return denied;
  }
}

function nearestThere(folder: string): string {
  return fs.existsSync(folder) ? folder : nearestThere(path.dirname(folder));
}

/** Taking a root that is in use for a new one would number its generations from 1 again. */
function withoutIdentity(layout: Layout): null {
  if (!isIdentityLost(layout)) return null;
  throw new PkgError('root-damaged', `${layout.identity} is missing, but ${layout.root} holds generations`, {
    hint: 'pkg recover',
  });
}

function refuseForeignFolder(root: string): void {
  const ours = new Set<string>([...FOLDERS, 'root.json', 'lock', 'settings.json', 'data-formats.json', 'current']);
  let names: string[];
  try {
    names = fs.readdirSync(root);
  } catch {
    return;
  }
  // A write cut short leaves a temporary name beginning with a dot; lost+found is every fresh ext4 file system's.
  const foreign = names.filter((name) => !ours.has(name) && !name.startsWith('.') && name !== 'lost+found');
  if (foreign.length === 0) return;
  throw new PkgError(
    'root-unusable',
    `cannot use ${root} as a root: it holds other things (${foreign.slice(0, 3).join(', ')})`,
    {
      hint: 'choose an empty or new folder: --root DIR',
    },
  );
}

/**
 * Everything is made in `tmp` and moved to its place with one rename. Only looked at, not tried: the lock is not ours
 * yet, and a full disk must not keep anybody from recovering.
 */
function refuseOtherFileSystems(layout: Layout): void {
  const mount = mountPoint(layout.root);
  for (const folder of [layout.store, layout.generations, layout.config, layout.tmp, layout.trash]) {
    if (mountPoint(folder) === mount) continue;
    throw new PkgError(
      'root-unusable',
      `cannot use ${layout.root} as a root: ${folder} lies on another file system than the rest`,
      { hint: 'keep the root on one file system; only archives and data may lie elsewhere, as links' },
    );
  }
}

function refuseNewerFormat({ formatVersion }: Identity, file: string): void {
  if (formatVersion === FORMAT) return;
  throw new PkgError('newer-format', `${file} has format ${formatVersion}, this pkg knows ${FORMAT}`, {
    hint: 'use the newer pkg that made it',
  });
}

function newId(): string {
  return crypto.randomUUID().slice(0, 8);
}

function isLink(file: string): boolean {
  return fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
