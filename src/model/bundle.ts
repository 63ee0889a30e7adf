/** The identity of a bundle: `digest` is `sha256:` and the hex of its stored `bundle.json`. */
export type BundleId = { readonly name: string; readonly version: string; readonly digest: string };

/** A member of a generation; `explicit` = asked for by name, not only needed by another. */
export type InstalledBundle = BundleId & { readonly explicit: boolean };

/** `1.2.0-0123456789ab`: the folder of a bundle below `store/NAME/`. */
export function storeFolder(id: Pick<BundleId, 'version' | 'digest'>): string {
  return `${id.version}-${shortDigest(id.digest)}`;
}

/** The first twelve hex digits of a digest. */
export function shortDigest(digest: string): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 12);
}

/** `web-1.2.0.tgz`: the file that `build` writes. */
export function archiveFile(id: Pick<BundleId, 'name' | 'version'>): string {
  return `${id.name}-${id.version}.tgz`;
}

/** `web-1.2.0-0123456789ab.tgz`: the same archive as kept below `archives/`. */
export function keptArchiveFile(id: BundleId): string {
  return `${id.name}-${storeFolder(id)}.tgz`;
}

/** `web 1.2.0`, as people read it. */
export function bundleTitle(id: Pick<BundleId, 'name' | 'version'>): string {
  return `${id.name} ${id.version}`;
}
