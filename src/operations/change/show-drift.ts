import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stageArchive } from '../../bundle/index.ts';
import type { BundleId, Facts } from '../../model/index.ts';
import { type Layout, layoutOf } from '../../store/index.ts';
import { removeTree } from '../../system/index.ts';
import type { Session } from '../session.ts';

/** Enough to recognise an edit; the rest is in the files themselves. */
const MAX_FILES = 10;
const MAX_BYTES = 64 << 10;

/** Shows how each text file that was changed by hand differs from its kept archive. */
export async function showDrift(drift: Facts['drift'], session: Session): Promise<void> {
  const changed = drift.filter(({ change }) => change === 'changed').slice(0, MAX_FILES);
  const layout = layoutOf(session.root);
  for (const bundle of new Map(changed.map((one) => [one.bundle.digest, one.bundle])).values()) {
    const files = changed.filter((one) => one.bundle.digest === bundle.digest).map((one) => one.path);
    await showFiles(bundle, files, layout, session);
  }
}

async function showFiles(bundle: BundleId, files: readonly string[], layout: Layout, session: Session): Promise<void> {
  const archive = layout.archive(bundle);
  if (!fs.existsSync(archive)) return;
  // Not below the root: a dry run shows the same and may not write there.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-drift-'));
  try {
    const shipped = path.join(folder, 'shipped');
    await stageArchive({ file: archive, into: shipped, keepCopy: null, reuse: null, limits: session.limits });
    for (const file of files) {
      const message = await difference(bundle.name, file, [
        path.join(shipped, file),
        path.join(layout.bundle(bundle), file),
      ]);
      if (message !== null) session.tell({ event: 'note', message });
    }
  } finally {
    removeTree(folder);
  }
}

async function difference(name: string, file: string, sides: readonly [string, string]): Promise<string | null> {
  const [before, after] = sides.map(readText);
  if (typeof before !== 'string' || typeof after !== 'string') return null;
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  const patch = createTwoFilesPatch(`${name}/${file} (shipped)`, `${name}/${file} (now)`, before, after, '', '', {
    headerOptions: FILE_HEADERS_ONLY,
  });
  return patch.trimEnd();
}

/** null if it is too large or not text. */
function readText(file: string): string | null {
  const stat = fs.lstatSync(file);
  if (!stat.isFile() || stat.size > MAX_BYTES) return null;
  const content = fs.readFileSync(file);
  return content.includes(0) ? null : content.toString('utf8');
}
