import fs from 'node:fs';
import path from 'node:path';
import { readStoredManifest } from '../bundle/index.ts';
import { PkgError } from '../error.ts';
import { hookEnvironment } from '../hook/index.ts';
import { type BundleId, bundleTitle, type StoredManifest } from '../model/index.ts';
import { readGeneration } from '../store/index.ts';
import { bundleValues, declaredEnvironment, secretsIn, settingsIn, type Values } from './bundle-values.ts';
import type { World } from './world.ts';

/** For whom a script runs: the bundle, the generation being switched to, and what it is told. */
export type Purpose = {
  readonly bundle: BundleId;
  readonly generation: number;
  /** The generation whose configuration and commands it sees; by default the one that has the bundle. */
  readonly seenIn?: number;
  readonly action: string;
  readonly otherVersion: string | null;
  readonly forced: readonly string[];
};

/** A script of a bundle with everything it may rely on. */
export type ScriptPlace = {
  readonly manifest: StoredManifest;
  readonly folder: string;
  readonly scratch: string;
  readonly env: Record<string, string>;
  readonly values: Values;
  /** What nobody may read in what it prints. */
  readonly secrets: readonly string[];
};

/** Makes the scratch folder and the clean environment of a hook or check (docs/hooks.md#environment). */
export async function scriptPlace(purpose: Purpose, world: World): Promise<ScriptPlace> {
  const { layout } = world;
  const folder = layout.bundle(purpose.bundle);
  const manifest = await readStoredManifest(folder);
  const generation = purpose.seenIn ?? generationHolding(purpose, world);
  if (readGeneration(layout, generation) === null) throw generationGone(manifest, generation);
  const generationDir = layout.generation(generation);
  const scratch = layout.scratch(world.transaction, manifest.name);
  fs.mkdirSync(scratch, { recursive: true, mode: 0o700 });
  const places = {
    configDir: path.join(generationDir, 'etc', manifest.name),
    dataDir: layout.dataOf(manifest.name),
  };
  const values = { ...bundleValues(layout, manifest, folder, generation), generation: String(purpose.generation) };
  const env = hookEnvironment({
    ...places,
    name: manifest.name,
    version: manifest.version,
    otherVersion: purpose.otherVersion,
    action: purpose.action,
    root: layout.root,
    bundleDir: folder,
    scratch,
    generation: purpose.generation,
    transaction: String(world.transaction),
    forced: purpose.forced,
    settings: settingsIn(layout, manifest, generation),
    path: [path.join(generationDir, 'bin')],
    home: world.home,
    env: declaredEnvironment(manifest, values),
    node: world.node,
  });
  return { manifest, folder, scratch, env, values, secrets: secretsIn(manifest, values) };
}

/** With the defaults of its settings a script would do its work at the wrong place. */
function generationGone(manifest: StoredManifest, generation: number): PkgError {
  return new PkgError(
    'step-failed',
    `cannot run scripts of ${bundleTitle(manifest)}: generation ${generation}, whose settings and configuration they are to see, is gone`,
    { hint: 'do by hand what they would do; pkg recover tells how to go on without them' },
  );
}

/** A bundle that leaves is in the generation before. */
function generationHolding({ bundle, generation }: Purpose, { layout }: World): number {
  const record = readGeneration(layout, generation);
  const isMember = record?.bundles.some((member) => member.digest === bundle.digest) ?? false;
  return isMember ? generation : (record?.parent ?? generation);
}
