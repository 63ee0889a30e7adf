// The .tgz and what is unpacked from it: pack a folder, open, verify and unpack an archive, compare a folder with it.
// Not the place where bundles live (store), nor who decides about them (plan).
// May call model and error.

export { DEFAULT_LIMITS, type Limits } from './archive/limits.ts';
export type { OpenedArchive } from './archive/read-head.ts';
export type { Damage } from './folder/damage.ts';
export { findDrift } from './folder/find-drift.ts';
export { type PackedBundle, type PackOptions, packBundle } from './folder/pack-bundle.ts';
export { verifyFolder } from './folder/verify-folder.ts';
export { manifestJsonSchema } from './manifest/manifest-schema.ts';
export { startedFiles } from './manifest/own-programs.ts';
export { parseManifest } from './manifest/parse-manifest.ts';
export { digestOf, readStoredManifest } from './manifest/stored-manifest.ts';
export { extractFiles } from './unpack/extract-files.ts';
export {
  peekArchive,
  type Reuse,
  type StageOptions,
  stageArchive,
  type Unpacked,
  verifyArchive,
} from './unpack/stage-archive.ts';
