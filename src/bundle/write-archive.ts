import { closeSync, constants, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { PkgError } from '../error.ts';
import type { FileEntry } from '../model/index.ts';
import { GzipWriter } from './gzip-writer.ts';
import { fill, stampOf } from './hash-source.ts';
import type { PackThreads } from './pack-threads.ts';
import { BLOCK, encodeHeader, padding } from './tar-header.ts';

/** An entry of the table with the file its bytes come from. */
export type Packed = {
  readonly entry: FileEntry;
  readonly source: { readonly file: string; readonly stamp: string } | null;
};

/** Writes the .tgz: `bundle.json` first, then every entry as the table has it. */
export async function writeArchive(
  target: string,
  content: { readonly bundleJson: Buffer; readonly entries: readonly Packed[]; readonly mtime: number },
  threads: PackThreads,
): Promise<void> {
  await using file = await open(target, 'wx', 0o666);
  const gzip = new GzipWriter(file, threads);
  const { bundleJson, mtime } = content;
  const first: FileEntry = { path: 'bundle.json', type: 'file', mode: '0644', size: bundleJson.length, sha256: '' };
  await gzip.add(encodeHeader(first, mtime));
  await gzip.add(bundleJson);
  await gzip.add(Buffer.alloc(padding(bundleJson.length)));
  for (const { entry, source } of content.entries) {
    await gzip.add(encodeHeader(entry, mtime));
    if (entry.type !== 'file' || source === null) continue;
    await addContent(gzip, { ...source, size: entry.size });
    await gzip.add(Buffer.alloc(padding(entry.size)));
  }
  await gzip.add(Buffer.alloc(2 * BLOCK));
  await gzip.end();
}

// Read a second time, after hashing: a file that changed meanwhile would make an archive nobody accepts.
async function addContent(gzip: GzipWriter, source: { file: string; stamp: string; size: number }): Promise<void> {
  const fd = openSync(source.file, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    for (let missing = source.size; missing > 0; ) {
      const room = gzip.room();
      const read = fill(fd, room.subarray(0, Math.min(room.length, missing)));
      if (read === 0) break;
      missing -= read;
      await gzip.advance(read);
    }
    if (stampOf(fd) === source.stamp) return;
    throw new PkgError('source-invalid', `cannot pack ${source.file}: it was changed while it was packed`, {
      hint: 'build again when nothing writes to the folder',
    });
  } finally {
    closeSync(fd);
  }
}
