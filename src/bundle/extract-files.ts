import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { readArchive, type Sink } from './read-archive.ts';

/** Takes single files out of an archive, to be looked at before it is unpacked; absent ones are left out. */
export async function extractFiles(
  archive: string,
  files: readonly string[],
  into: string,
  limits: Limits = DEFAULT_LIMITS,
): Promise<void> {
  if (files.length > 0) await readArchive(archive, sinkFor(new Set(files), into), { limits });
}

function sinkFor(files: ReadonlySet<string>, into: string): Sink {
  let open: WriteStream | null = null;
  return {
    async begin() {},
    async file(entry) {
      if (!files.has(entry.path)) return;
      const target = join(into, entry.path);
      mkdirSync(dirname(target), { recursive: true });
      open = createWriteStream(target, { mode: 0o600 });
    },
    async bytes(part) {
      if (open !== null && !open.write(part)) await once(open, 'drain');
    },
    async fileEnd() {
      if (open === null) return;
      open.end();
      await once(open, 'close');
      open = null;
    },
  };
}
