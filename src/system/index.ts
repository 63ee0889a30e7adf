// Small sharp tools at the edge: durable writes, the lock, processes, disk space. No word of bundles here.
// Imports only error.
export * from './durable.ts';
export * from './lock.ts';
export * from './process.ts';
