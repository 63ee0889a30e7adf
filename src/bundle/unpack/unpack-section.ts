import type { FileEntry } from '../../model/index.ts';
import { BreachError } from '../archive/breach-error.ts';
import type { Member } from '../archive/member.ts';
import { readMember, type Source } from '../archive/read-member.ts';
import { UnexpectedEntry } from '../archive/read-rows.ts';
import { readSection } from '../archive/read-section.ts';
import type { Breach } from '../archive/rules.ts';
import { contentSize } from '../manifest/file-table.ts';
import { type Shared, shareFiles } from './share-files.ts';
import { createUnpacker, UnpackFailure } from './unpack-files.ts';

/** A section to be read, with everything that is needed for it; plain data, as it goes to another thread. */
export type Order = {
  readonly members: readonly Member[];
  readonly rows: readonly FileEntry[];
  /** Path of a row -> an installed file that probably holds the same. */
  readonly twins: Readonly<Record<string, string>>;
};

/** What became of a section. */
export type Outcome =
  | { readonly kind: 'done'; readonly linked: number }
  | { readonly kind: 'breach'; readonly breach: Breach }
  | { readonly kind: 'unexpected'; readonly found: string; readonly expected: string | null }
  | { readonly kind: 'failed'; readonly path: string | null; readonly message: string };

/** Where sections are read and go to. */
export type Where = {
  readonly source: Source;
  readonly into: string | null;
  readonly count: Count;
};

/** Hears of the bytes of content and of the whole files that were read. */
export type Count = (bytes: number, files: number) => void;

/** Reads a section, checks every byte, and writes its files below `into`, or only hashes them when it is null. */
export async function unpackSection(order: Order, where: Where): Promise<Outcome> {
  try {
    const linked = share(order, where) ?? (await unpack(order, where));
    return { kind: 'done', linked };
  } catch (error) {
    if (error instanceof BreachError) return { kind: 'breach', breach: error.breach };
    if (error instanceof UnexpectedEntry) return { kind: 'unexpected', found: error.found, expected: error.expected };
    return {
      kind: 'failed',
      path: error instanceof UnpackFailure ? error.path : null,
      message: (error as Error).message,
    };
  }
}

// Where every file is installed already, nothing has to be inflated: the compressed bytes are held against their own
// checksum, so that an archive which is kept is whole, and the files are hashed where they are.
function share({ members, rows, twins }: Order, { source, into, count }: Where): number | null {
  if (into === null) return null;
  const files: Shared[] = [];
  for (const entry of rows) {
    if (entry.type !== 'file') continue;
    const twin = twins[entry.path];
    if (twin === undefined) return null;
    files.push({ entry, twin, path: `${into}/${entry.path}` });
  }
  if (files.length === 0) return null;
  for (const member of members) readMember(source, member);
  if (!shareFiles(files)) return null;
  count(contentSize(rows), files.length);
  return files.length;
}

async function unpack({ members, rows, twins }: Order, { source, into, count }: Where): Promise<number> {
  let linked = 0;
  const unpacker = createUnpacker(
    into,
    ({ path }) => twins[path] ?? null,
    () => (linked += 1),
  );
  const bytes = async (part: Buffer): Promise<void> => {
    await unpacker.bytes(part);
    count(part.length, 0);
  };
  const fileEnd = async (): Promise<void> => {
    await unpacker.fileEnd();
    count(0, 1);
  };
  try {
    await readSection(source, { members }, rows, { ...unpacker, bytes, fileEnd });
    return linked;
  } finally {
    unpacker.close();
  }
}
