// The disk under one root: layout, generations, the pointer, unpacked bundles, kept archives, policy, garbage.
// Not a place for decisions: it reads and writes what it is told. Knows nothing of archives' insides, hooks or services.
// Imports model, error and system.
export * from './archives.ts';
export * from './bundles.ts';
export * from './check-runs.ts';
export * from './data-formats.ts';
export * from './generations.ts';
export * from './in-use.ts';
export * from './layout.ts';
export * from './left-behind.ts';
export * from './pointer.ts';
export * from './policy.ts';
export * from './root.ts';
export * from './settings.ts';
export * from './settings-change.ts';
export * from './trash.ts';
