/** How much a reader takes before it refuses an archive. */
export type Limits = {
  /** Bytes of content. */
  readonly maxSize: number;
  readonly maxEntries: number;
  /** Bytes of `bundle.json`. */
  readonly maxManifest: number;
};

/** The limits unless an operator raises them with --max-size and --max-entries. */
export const DEFAULT_LIMITS: Limits = {
  maxSize: 8 * 1024 ** 3,
  maxEntries: 250_000,
  maxManifest: 48 * 1024 ** 2,
};

/** Folders above an entry, bytes of a path, bytes of one name: what every file system we know can hold. */
export const PATH_LIMITS = { depth: 100, path: 4096, name: 255 } as const;
