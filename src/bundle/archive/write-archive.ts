import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { type Pack, pack } from 'tar-stream';
import type { FileEntry } from '../../model/index.ts';
import { SourceReader } from '../folder/source-reader.ts';
import { MemberCutter } from './member-cutter.ts';
import { MemberWriter } from './member-writer.ts';
import { tarEntry } from './tar-entry.ts';

/** An entry of the table with the file its bytes come from. */
export type Packed = {
  readonly entry: FileEntry;
  readonly source: { readonly file: string; readonly stamp: number } | null;
};

export type ArchiveContent = {
  readonly bundleJson: Buffer;
  readonly entries: readonly Packed[];
  /** Seconds; the time of every entry. */
  readonly mtime: number;
};

// packed ahead of compression, so that neither waits for the other
const AHEAD = 64 * 1024;

/** Writes the .tgz: `bundle.json` first, then every entry as the table has it. */
export async function writeArchive(target: string, content: ArchiveContent): Promise<void> {
  await using file = await open(target, 'wx', 0o666);
  const tar = pack({ highWaterMark: AHEAD });
  const reader = new SourceReader();
  const added = addEntries(tar, content, reader).then(
    () => tar.finalize(),
    // travels through the stream, so that one place hears of a bad source and of a full disk alike
    (error: Error) => tar.destroy(error),
  );
  try {
    const members = new MemberCutter(new MemberWriter(file));
    for await (const bytes of tar as AsyncIterable<Buffer>) {
      await members.add(bytes);
      reader.giveBack(bytes);
    }
    await members.end();
  } finally {
    await added;
  }
}

async function addEntries(tar: Pack, content: ArchiveContent, reader: SourceReader): Promise<void> {
  const { bundleJson, entries, mtime } = content;
  const first: FileEntry = { path: 'bundle.json', type: 'file', mode: '0644', size: bundleJson.length, sha256: '' };
  await addEntry(tar, tarEntry(first, mtime), [bundleJson]);
  for (const { entry, source } of entries) {
    const header = tarEntry(entry, mtime);
    await addEntry(tar, header, source === null ? [] : reader.parts(source, header.size));
  }
}

async function addEntry(tar: Pack, header: ReturnType<typeof tarEntry>, parts: Iterable<Buffer>): Promise<void> {
  const { promise: packed, resolve, reject } = Promise.withResolvers<void>();
  const sink = tar.entry(header, (error) => (error ? reject(error) : resolve()));
  sink.on('error', reject);
  // nobody waits for it any more when a part could not be read
  packed.catch(() => {});
  for (const part of parts) {
    if (!sink.write(part)) await Promise.race([once(sink, 'drain'), packed]);
  }
  sink.end(null);
  await packed;
}
