// Files an operator may edit: compare with what was shipped, merge, write a new revision. Never overwrites a revision.
// Not a place that knows of generations or bundles: it is given folders. Imports model, error and system.
export * from './decide-file.ts';
export * from './keep-edits.ts';
export * from './merge-text.ts';
export * from './write-revision.ts';
