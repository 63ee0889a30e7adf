// Files an operator may edit: compare with what was shipped, merge, write a new revision. Never overwrites a revision.
// Not a place that knows of generations or bundles: it is given folders. Imports model, error and system.
export { damageOfCopy, findEntry, putEntry, readSums, type Sums, sumsOf, sumsText } from './copy-sums.ts';
export { decideFile } from './decide-file.ts';
export { type Edited, editedSince, withEdits } from './edits-since.ts';
export type { TemplateValues } from './fill-template.ts';
export { entryOrNull, filesInUse, marksOf } from './files-in-use.ts';
export { freeName } from './free-name.ts';
export { isBeside } from './is-beside.ts';
export { forgetCopies, keepCopy } from './keep-copy.ts';
export { keepEdits } from './keep-edits.ts';
export { besideDeleted, withoutKept } from './kept-on-the-way-back.ts';
export { hasMarks, mergeTexts, mergeWithMarks } from './merge-text.ts';
export { putCopyBack } from './put-copy-back.ts';
export { bytesOf, digest, type Entries, type Entry, readEntry, readFolder } from './revision-entry.ts';
export { type Choice, type FileOutcome, type Settling, settleFiles } from './settle-files.ts';
export { configName, type How, howOf, type Owner, type Shipping, shippedEntries } from './shipped.ts';
export { writeRevision } from './write-revision.ts';
