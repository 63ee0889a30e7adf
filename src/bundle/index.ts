// The .tgz and what is unpacked from it: pack a folder, open, verify and unpack an archive, compare a folder with it.
// Not the place where bundles live (store), nor who decides about them (plan).
// May call model and error.
export type { Damage } from './damage.ts';
export { extractFiles } from './extract-files.ts';
export { findDrift } from './find-drift.ts';
export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { manifestJsonSchema } from './manifest-schema.ts';
export { type PackedBundle, type PackOptions, packBundle } from './pack-bundle.ts';
export { parseManifest } from './parse-manifest.ts';
export type { OpenedArchive } from './read-archive.ts';
export { peekArchive, type Reuse, type StageOptions, stageArchive, verifyArchive } from './stage-archive.ts';
export { digestOf, readStoredManifest } from './stored-manifest.ts';
export { verifyFolder } from './verify-folder.ts';
