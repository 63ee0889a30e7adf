// Small sharp tools at the edge: durable writes, the lock, processes, disk space. No word of bundles here.
// It is not a place for decisions: each tool does one thing and says what went wrong.
// Imports only error.
export * from './boot-clock.ts';
export * from './files/disk-space.ts';
export * from './files/extended-attributes.ts';
export * from './files/flush-ahead.ts';
export * from './files/flush-payload.ts';
export * from './files/is-writable.ts';
export * from './files/last-lines.ts';
export * from './files/make-folders.ts';
export * from './files/measure-tree.ts';
export * from './files/mount-point.ts';
export * from './files/open-nameless.ts';
export * from './files/paths-below.ts';
export { readGivenFile } from './files/read-given-file.ts';
export * from './files/read-json.ts';
export * from './files/remove-tree.ts';
export * from './files/replace-symlink.ts';
export * from './files/write-durably.ts';
export * from './parse-duration.ts';
export * from './processes/end-processes.ts';
export * from './processes/explain-spawn-error.ts';
export * from './processes/process-group.ts';
export * from './processes/process-identity.ts';
export * from './processes/sealed-stdio.ts';
export * from './processes/spawn-apart.ts';
export * from './programs/why-unrunnable.ts';
export * from './take-lock.ts';
export * from './user-name.ts';
