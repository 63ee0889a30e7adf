import type { FileEntry } from '../../model/index.ts';
import { BreachError } from './breach-error.ts';
import type { ByteReader } from './byte-reader.ts';
import { comparePaths } from './entry-path.ts';
import { type ReadEntry, readEntry, skipPadding } from './read-entry.ts';

export type File = Extract<FileEntry, { type: 'file' }>;

/** Where content goes while entries are read, every file in its order. */
export type FileSink = {
  file(entry: File): Promise<void> | void;
  bytes(part: Buffer): Promise<void> | void;
  fileEnd(): Promise<void> | void;
};

/** Another entry than the one the table says; the whole table tells what is wrong with it. */
export class UnexpectedEntry extends Error {
  readonly found: string;
  readonly expected: string | null;

  constructor(found: string, expected: string | null) {
    super(found);
    this.found = found;
    this.expected = expected;
  }
}

/** Reads exactly the entries that the rows say, in their order, and hands their content on. */
export async function readRows(bytes: ByteReader, rows: readonly FileEntry[], sink: FileSink): Promise<void> {
  for (const row of rows) await readRow(bytes, row, sink);
}

/** Expects the end mark of a tar; `last` is the path before it. */
export async function expectEnd(bytes: ByteReader, last: string): Promise<void> {
  const extra = await readEntry(bytes, last);
  if (extra !== null) throw new UnexpectedEntry(extra.path, null);
}

/** The table is sorted and so is the archive: which of the two comes first tells what is wrong. */
export function explainUnexpected({ found, expected }: UnexpectedEntry, files: readonly FileEntry[]): BreachError {
  if (!files.some((entry) => entry.path === found)) {
    const twin = files.find((entry) => entry.path.normalize('NFC') === found.normalize('NFC'));
    if (twin !== undefined) return new BreachError('same-name-in-unicode', found, twin.path);
    return found === 'bundle.json' ? new BreachError('duplicate-path', found) : new BreachError('added-entry', found);
  }
  return expected === null || comparePaths(found, expected) < 0
    ? new BreachError('duplicate-path', found)
    : new BreachError('missing-entry', expected);
}

async function readRow(bytes: ByteReader, expected: FileEntry, sink: FileSink): Promise<void> {
  const found = await readEntry(bytes, expected.path);
  if (found === null) throw new BreachError('missing-entry', expected.path);
  if (found.path !== expected.path) throw new UnexpectedEntry(found.path, expected.path);
  compare(found, expected);
  if (expected.type !== 'file') return;
  await sink.file(expected);
  for (let missing = expected.size; missing > 0; ) {
    const part = await bytes.some(missing);
    if (part === null) throw new BreachError('truncated', expected.path);
    await sink.bytes(part);
    missing -= part.length;
  }
  await sink.fileEnd();
  await skipPadding(bytes, expected.size, expected.path);
}

function compare(found: ReadEntry, expected: FileEntry): void {
  if (found.type !== expected.type) throw new BreachError('type-mismatch', expected.path, found.type);
  if (found.mode !== Number.parseInt(expected.mode, 8)) {
    throw new BreachError('mode-mismatch', expected.path, found.mode.toString(8).padStart(4, '0'));
  }
  if (expected.type === 'symlink' && found.target !== expected.target) {
    throw new BreachError('target-mismatch', expected.path, found.target);
  }
  if (expected.type === 'file' && found.size !== expected.size) {
    throw new BreachError('size-mismatch', expected.path, `${found.size} bytes instead of ${expected.size}`);
  }
}
