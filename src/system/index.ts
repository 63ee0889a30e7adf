// Small sharp tools at the edge: durable writes, the lock, processes, disk space. No word of bundles here.
// It is not a place for decisions: each tool does one thing and says what went wrong.
// Imports only error.
export * from './boot-clock.ts';
export * from './disk-space.ts';
export * from './end-processes.ts';
export * from './explain-spawn-error.ts';
export * from './extended-attributes.ts';
export * from './flush-payload.ts';
export * from './is-writable.ts';
export * from './last-lines.ts';
export * from './measure-tree.ts';
export * from './mount-point.ts';
export * from './open-nameless.ts';
export * from './parse-duration.ts';
export * from './paths-below.ts';
export * from './process-group.ts';
export * from './process-identity.ts';
export { readGivenFile } from './read-given-file.ts';
export * from './remove-tree.ts';
export * from './replace-symlink.ts';
export * from './sealed-stdio.ts';
export * from './spawn-apart.ts';
export * from './take-lock.ts';
export * from './user-name.ts';
export * from './why-unrunnable.ts';
export * from './write-durably.ts';
