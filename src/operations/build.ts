import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type PackedBundle, packBundle, peekArchive } from '../bundle/index.ts';
import { PkgError } from '../error.ts';
import type { Manifest } from '../model/index.ts';
import { noSuchFile } from './facts/open-archives.ts';
import { runPrebuild } from './run-prebuild.ts';

type Wish = {
  readonly folder: string;
  readonly outDir: string;
  /** Archives of earlier versions to check the upgrade paths against. */
  readonly against?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Packs `folder` into `outDir`; SOURCE_DATE_EPOCH sets the times inside the archive. */
export async function build({ folder, outDir, against = [], env }: Wish): Promise<PackedBundle> {
  const epoch = env['SOURCE_DATE_EPOCH'];
  return packBundle({
    folder,
    outDir,
    against: await Promise.all(against.map(readEarlier)),
    prepare: (manifest) => runPrebuild(manifest, { folder, against, env }),
    hookLibrary: hookLibrary(),
    ...(epoch === undefined || epoch === '' ? {} : { sourceDateEpoch: seconds(epoch) }),
  });
}

async function readEarlier(file: string): Promise<Manifest> {
  if (!existsSync(file)) throw noSuchFile(file);
  return (await peekArchive(file)).manifest;
}

/** The ready-made hooks are beside the built program, or at the top of a checkout. */
function hookLibrary(): string {
  const places = ['./hooks', '../../hooks'].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return places.find((place) => existsSync(place)) ?? places[0] ?? '';
}

function seconds(epoch: string): number {
  if (/^[0-9]+$/.test(epoch)) return Number(epoch);
  throw new PkgError('usage', `SOURCE_DATE_EPOCH is '${epoch}', not a number of seconds`);
}
