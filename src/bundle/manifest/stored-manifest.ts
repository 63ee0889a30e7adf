import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PkgError } from '../../error.ts';
import type { FileEntry, StoredManifest } from '../../model/index.ts';
import { BreachError } from '../archive/breach-error.ts';
import { isCanonical } from './canonical-form.ts';
import { tableBreaches } from './file-table.ts';
import { isChecked, knownManifest, markChecked, remember } from './known-manifests.ts';
import { manifestSchema } from './manifest-schema.ts';

/** The identity of a bundle: `sha256:` and the hex of its stored `bundle.json`. */
export function digestOf(bundleJson: Uint8Array | string): string {
  return `sha256:${createHash('sha256').update(bundleJson).digest('hex')}`;
}

const REPAIR = 'pkg verify --repair unpacks it again from the kept archive';

/** Reads the `bundle.json` of an unpacked bundle; with a digest, only if it is that one. */
export async function readStoredManifest(folder: string, expectDigest?: string): Promise<StoredManifest> {
  const file = join(folder, 'bundle.json');
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new PkgError('damaged', `cannot read ${file}: the bundle is not unpacked there`, { hint: REPAIR, cause });
  });
  const digest = digestOf(bytes);
  if (expectDigest !== undefined && digest !== expectDigest) {
    throw new PkgError('damaged', `cannot use ${file}: its digest is ${digest}, not ${expectDigest}`, { hint: REPAIR });
  }
  try {
    return knownManifest(digest) ?? remember(digest, JSON.parse(bytes.toString('utf8')) as StoredManifest);
  } catch (cause) {
    throw new PkgError('damaged', `cannot use ${file}: it is not JSON`, { hint: REPAIR, cause });
  }
}

/** The table of an unpacked bundle; null when there is none, or not the one of this digest. */
export async function shippedFiles(folder: string, expectDigest?: string): Promise<readonly FileEntry[] | null> {
  try {
    return (await readStoredManifest(folder, expectDigest)).files;
  } catch {
    return null;
  }
}

/** The `bundle.json` of an archive, with every rule about it checked. */
export function parseStoredManifest(bytes: Buffer, digest: string): StoredManifest {
  const before = knownManifest(digest);
  if (before !== undefined && isChecked(before)) return before;
  const manifest = remember(digest, checkedManifest(bytes));
  markChecked(manifest);
  return manifest;
}

function checkedManifest(bytes: Buffer): StoredManifest {
  const stored = parseJson(bytes);
  if (stored === null || typeof stored !== 'object' || Array.isArray(stored)) breach('manifest-content', 'no object');
  const { files, ...manifest } = stored as Record<string, unknown>;
  const checked = manifestSchema.safeParse(manifest);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    breach('manifest-content', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}`.replace(/^: /, ''));
  }
  if (!Array.isArray(files)) breach('file-table', 'there is none');
  const malformed = files.findIndex((entry: unknown) => !isFileEntry(entry));
  if (malformed !== -1) breach('file-table', `entry ${malformed}`);
  for (const found of tableBreaches(files)) throw new BreachError(found.rule, found.entry, found.found);
  return stored as StoredManifest;
}

function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) breach('manifest-form', 'not UTF-8');
  const text = bytes.toString('utf8');
  try {
    const parsed: unknown = JSON.parse(text);
    // one form only: no second reader can take a duplicate key or a blank for something else
    if (isCanonical(parsed, text)) return parsed;
  } catch {
    breach('manifest-form', 'not JSON');
  }
  return breach('manifest-form');
}

function isFileEntry(entry: unknown): entry is FileEntry {
  if (entry === null || typeof entry !== 'object') return false;
  const { path, type, mode, size, sha256, target } = entry as Record<string, unknown>;
  const keys = Object.keys(entry).length;
  if (typeof path !== 'string') return false;
  if (type === 'directory') return mode === '0755' && keys === 3;
  if (type === 'symlink') return mode === '0777' && typeof target === 'string' && keys === 4;
  if (type !== 'file' || (mode !== '0644' && mode !== '0755') || keys !== 5) return false;
  return Number.isSafeInteger(size) && Number(size) >= 0 && typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256);
}

function breach(rule: 'manifest-form' | 'manifest-content' | 'file-table', found?: string): never {
  throw new BreachError(rule, 'bundle.json', found);
}
