import { isUtf8 } from 'node:buffer';
import type { FileEntry, StoredManifest } from '../../model/index.ts';
import { BreachError } from '../archive/breach-error.ts';
import { isCanonical } from './canonical-form.ts';
import { tableBreaches } from './file-table.ts';
import { isChecked, knownManifest, markChecked, remember } from './known-manifests.ts';
import { manifestSchema } from './manifest-schema.ts';

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
  // parsed once: making code for it would take longer than it saves
  const checked = manifestSchema.safeParse(manifest, { jitless: true });
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
