import fs from 'node:fs';
import { type Limits, type OpenedArchive, peekArchive } from '../bundle/index.ts';
import { compareVersions, type Manifest, type NameRange } from '../model/index.ts';
import { type Judgement, judgeUpgrade } from '../plan/index.ts';
import { bundleNamed, type Installed, readInstalled, storedManifest } from './installed.ts';
import { knownBundles } from './known-bundles.ts';
import { noSuchFile } from './open-archives.ts';

/** What is asked: an archive or a bundle that is kept, and from which version; else from the installed one. */
export type Question = {
  readonly to: { readonly file: string } | NameRange;
  readonly from: string | null;
  readonly limits: Limits;
};

export type Upgradable = Judgement & { readonly name: string; readonly from: string | null; readonly to: string };

/** Whether a version can take the place of another, up or down, and by which path. Decides only, changes nothing. */
export async function upgradable(root: string, question: Question): Promise<Upgradable> {
  const installed = readInstalled(root);
  const to = await target(question, installed);
  const from = await start(to.name, question.from, installed);
  return { name: to.name, from: from?.version ?? null, to: to.version, ...judgeUpgrade(from, to) };
}

async function target({ to, limits }: Question, installed: Installed): Promise<Manifest> {
  if ('file' in to) return (await openOne(to.file, limits)).manifest;
  const [newest] = [...(await knownBundles(installed.layout, [], { limits })).values()]
    .filter(({ id }) => id.name === to.name)
    .toSorted((a, b) => compareVersions(b.id.version, a.id.version));
  if (to.range === null && newest !== undefined) return newest.manifest;
  return storedManifest(installed.layout, await bundleNamed(to, installed));
}

function openOne(file: string, limits: Limits): Promise<OpenedArchive> {
  if (!fs.existsSync(file)) throw noSuchFile(file);
  return peekArchive(file, limits);
}

async function start(name: string, version: string | null, installed: Installed): Promise<Manifest | null> {
  const { layout, generation } = installed;
  if (version !== null) return storedManifest(layout, await bundleNamed({ name, range: version }, installed));
  const live = generation?.bundles.find((bundle) => bundle.name === name);
  return live === undefined ? null : storedManifest(layout, live);
}
