import type { StoredManifest } from '../../model/index.ts';

// A digest stands for its bytes, so what was read once need not be read again. Only while somebody else holds it: a
// table of many files is large.
const known = new Map<string, WeakRef<StoredManifest>>();
const checked = new WeakSet<StoredManifest>();

/** The manifest of this digest as this process read it before, or undefined. */
export function knownManifest(digest: string): StoredManifest | undefined {
  return known.get(digest)?.deref();
}

/** Remembers a manifest, and returns it. */
export function remember(digest: string, manifest: StoredManifest): StoredManifest {
  known.set(digest, new WeakRef(manifest));
  return manifest;
}

/** Whether every rule was applied to it, as to what comes from an archive. */
export function isChecked(manifest: StoredManifest): boolean {
  return checked.has(manifest);
}

export function markChecked(manifest: StoredManifest): void {
  checked.add(manifest);
}
