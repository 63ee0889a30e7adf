import { once } from 'node:events';
import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { DEFAULT_LIMITS, type Limits } from '../archive/limits.ts';
import { readArchive, readSections, rowsOf, type Sink } from '../archive/read-archive.ts';

/** Takes single files out of an archive, to be looked at before it is unpacked; reads no further than the last of them. */
export async function extractFiles(
  archive: string,
  files: readonly string[],
  into: string,
  limits: Limits = DEFAULT_LIMITS,
): Promise<void> {
  if (files.length === 0) return;
  try {
    await readArchive(archive, sinkFor(new Set(files), into), { limits });
  } catch (error) {
    if (error !== ENOUGH) throw error;
  }
}

const ENOUGH = new Error('all files are there');

function sinkFor(missing: Set<string>, into: string): Sink {
  let open: WriteStream | null = null;
  const sink: Sink = {
    async begin() {},
    async file(entry) {
      if (!missing.delete(entry.path)) return;
      const target = join(into, entry.path);
      mkdirSync(dirname(target), { recursive: true });
      open = createWriteStream(target, { mode: 0o600 });
    },
    async bytes(part) {
      // A copy: the buffer is used again before it is written.
      if (open !== null && !open.write(Buffer.from(part))) await once(open, 'drain');
    },
    async fileEnd() {
      if (open === null) return;
      open.end();
      await once(open, 'close');
      open = null;
      if (missing.size === 0) throw ENOUGH;
    },
    async sections({ source, sections, files }) {
      const wanted = sections.filter((section) => rowsOf(section, files).some(({ path }) => missing.has(path)));
      await readSections({ source, sections: wanted, files }, sink);
    },
  };
  return sink;
}
