import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packBundle } from '../../src/bundle/index.ts';

const TOP = join(import.meta.dirname, '../..');

export type Kind = 'counter-node' | 'counter-erlang';

/** Packs a counter of the fixtures, compiled where it has to be, and answers its archive; `change` edits its bundle.json. */
export async function packCounter(
  { kind, version, into }: { readonly kind: Kind; readonly version: string; readonly into: string },
  change: (manifest: string) => string = (manifest) => manifest,
): Promise<string> {
  const folder = join(into, `${kind}-${version}`);
  cpSync(join(TOP, 'fixtures', `${kind}-${version}`), folder, { recursive: true });
  const manifest = join(folder, 'bundle.json');
  writeFileSync(manifest, change(readFileSync(manifest, 'utf8')));
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.erl'));
  if (sources.length > 0) execFileSync('erlc', ['-o', 'ebin', ...sources], { cwd: folder });
  return (await packBundle({ folder, outDir: into, hookLibrary: join(TOP, 'hooks') })).file;
}
