import { closeSync, openSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { PkgError } from '../../error.ts';
import { type FileEntry, quoted } from '../../model/index.ts';
import { BreachError } from './breach-error.ts';
import { ByteReader } from './byte-reader.ts';
import { isZero } from './decode-header.ts';
import { gunzip } from './gunzip.ts';
import type { Limits } from './limits.ts';
import { hasIndex, readIndex, type Section, tableMembers } from './member-index.ts';
import { type OpenedArchive, readHead } from './read-head.ts';
import { inflateMembers, type Source } from './read-member.ts';
import { expectEnd, explainUnexpected, type FileSink, readRows, UnexpectedEntry } from './read-rows.ts';
import { readSection } from './read-section.ts';
import { archiveError } from './rules.ts';
import { BLOCK } from './tar-block.ts';

/** Where an archive goes while it is read: the table first, then every file. */
export type Sink = FileSink & {
  /** `source` is where its sections will be read, or null where it is not divided. */
  begin(opened: OpenedArchive, bundleJson: Buffer, source: Source | null): Promise<void>;
  /** Reads the sections of a divided archive in a way of its own; without it they are read one after the other. */
  readonly sections?: (divided: Divided) => Promise<void>;
};

/** What lies behind `bundle.json` in an archive that is divided into sections. */
export type Divided = {
  readonly source: Source;
  readonly sections: readonly Section[];
  readonly files: readonly FileEntry[];
};

/** What an archive is held against. */
export type Check = {
  readonly limits: Limits;
  /** The archive as messages name it. */
  readonly shown?: string;
  readonly expectDigest?: string | undefined;
  /** Where a divided archive is copied while it is read. */
  readonly copyFd?: number | null;
};

// GNU tar fills its last record of 10 KiB with zeros
const MOST_ZEROS_AT_END = 64 * 1024;

/** Reads a whole archive by the rules and hands its content on; `sink` null stops after `bundle.json`. */
export async function readArchive(file: string, sink: Sink | null, check: Check): Promise<OpenedArchive> {
  const shown = check.shown ?? file;
  const size = await sizeOf(file, shown);
  const fd = openSync(file, 'r');
  try {
    const about = { ...check, shown, size };
    if (!hasIndex(fd)) return await readStream(file, sink, about);
    return await readDivided({ fd, copyFd: check.copyFd ?? null }, sink, about);
  } catch (error) {
    throw error instanceof BreachError ? archiveError(shown, error.breach) : error;
  } finally {
    closeSync(fd);
  }
}

async function sizeOf(file: string, shown: string): Promise<number> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new PkgError('no-such-file', `cannot read archive ${shown}: no such file`, { cause });
  });
  if (found.isFile()) return found.size;
  throw new PkgError(
    'not-an-archive',
    `cannot use archive ${shown}: it is ${found.isDirectory() ? 'a folder' : 'no file'}`,
    {
      hint: found.isDirectory() ? `make an archive of it: pkg build ${quoted(shown)}` : 'put the archive into a file',
    },
  );
}

type About = Check & { readonly shown: string; readonly size: number };

/** One gzip member, as other tools make it: read from its first byte to its last. */
async function readStream(file: string, sink: Sink | null, about: About): Promise<OpenedArchive> {
  const bytes = new ByteReader(gunzip(file));
  try {
    const { opened, bundleJson } = await readHead(bytes, about);
    if (sink === null) return opened;
    const { files } = opened.manifest;
    await sink.begin(opened, bundleJson, null);
    await explained(files, async () => {
      await readRows(bytes, files, sink);
      await readEnd(bytes, files);
    });
    return opened;
  } finally {
    await bytes.close();
  }
}

/** Members that say what they hold: every section can be read by itself. */
async function readDivided(source: Source, sink: Sink | null, about: About): Promise<OpenedArchive> {
  const index = sink === null ? null : readIndex(source.fd, about.size);
  const bytes = new ByteReader(inflateMembers(source, index?.table ?? tableMembers(source.fd)));
  const { opened, bundleJson } = await readHead(bytes, about);
  if (sink === null || index === null) return opened;
  const { files } = opened.manifest;
  const { sections, end } = index;
  if ((await bytes.some(1)) !== null || end.firstRow !== files.length) {
    throw new BreachError('member-index', null, `${end.firstRow} entries`);
  }
  await sink.begin(opened, bundleJson, source);
  await explained(files, async () => {
    await (sink.sections ?? ((divided) => readSections(divided, sink)))({ source, sections, files });
    await readEnd(new ByteReader(inflateMembers(source, [end])), files);
  });
  return opened;
}

/** Reads sections one after the other. */
export async function readSections({ source, sections, files }: Divided, sink: FileSink): Promise<void> {
  for (const section of sections) await readSection(source, section, rowsOf(section, files), sink);
}

/** The rows of the table that a section says it holds. */
export function rowsOf({ firstRow, rows }: Section, files: readonly FileEntry[]): readonly FileEntry[] {
  return files.slice(firstRow, firstRow + rows);
}

async function explained(files: readonly FileEntry[], read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    throw error instanceof UnexpectedEntry ? explainUnexpected(error, files) : error;
  }
}

async function readEnd(bytes: ByteReader, files: readonly FileEntry[]): Promise<void> {
  await expectEnd(bytes, files.at(-1)?.path ?? 'bundle.json');
  if (!isZero(await bytes.exactly(BLOCK, null))) throw new BreachError('tar-trailing-data', null);
  let zeros = 0;
  for (let part = await bytes.some(BLOCK); part !== null; part = await bytes.some(MOST_ZEROS_AT_END)) {
    zeros += part.length;
    if (zeros > MOST_ZEROS_AT_END || !isZero(part)) throw new BreachError('tar-trailing-data', null);
  }
}
