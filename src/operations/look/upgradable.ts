import fs from 'node:fs';
import { type Limits, type OpenedArchive, peekArchive } from '../../bundle/index.ts';
import { type BundleId, compareVersions, type KnownBundle, type NameRange } from '../../model/index.ts';
import { type BothWays, judgeUpgrade, type Member } from '../../plan/index.ts';
import { readDataFormats } from '../../store/index.ts';
import { bundleNamed, type Installed, readInstalled, storedManifest } from '../facts/installed.ts';
import { fromStore, knownBundles } from '../facts/known-bundles.ts';
import { noSuchFile } from '../facts/open-archives.ts';

/** The question: to which archive or kept bundle, and from which version if not the installed one. */
export type Question = {
  readonly to: { readonly file: string } | NameRange;
  readonly from: string | null;
  readonly limits: Limits;
};

export type Upgradable = BothWays & { readonly name: string; readonly from: string | null; readonly to: string };

/** Whether one version can replace another, by which path, and back again. Only decides, changes nothing. */
export async function upgradable(root: string, { to: wanted, from: version, limits }: Question): Promise<Upgradable> {
  const installed = readInstalled(root);
  const asked = 'file' in wanted ? await openOne(wanted.file, limits) : wanted;
  const known = await knownBundles(installed.layout, 'id' in asked ? [asked] : [], { limits });
  const ground = { installed, known };
  const to = await memberOf('id' in asked ? asked.id : await target(asked, ground), ground);
  const since = await start(to.id.name, version, installed);
  const from = since === undefined ? null : await memberOf(since, ground);
  const ways = judgeUpgrade(from, to, {
    current: installed.generation,
    known,
    platform: { os: process.platform, cpu: process.arch },
    services: [],
    dataFormats: readDataFormats(installed.layout),
  });
  return { name: to.id.name, from: from?.id.version ?? null, to: to.id.version, ...ways };
}

type Ground = { readonly installed: Installed; readonly known: ReadonlyMap<string, KnownBundle> };

function openOne(file: string, limits: Limits): Promise<OpenedArchive> {
  if (!fs.existsSync(file)) throw noSuchFile(file);
  return peekArchive(file, limits);
}

/** Without a range the newest one, even if an older one is installed. */
async function target(word: NameRange, { installed, known }: Ground): Promise<BundleId> {
  const [newest] = [...known.values()]
    .filter(({ id }) => id.name === word.name)
    .toSorted((a, b) => compareVersions(b.id.version, a.id.version));
  return word.range === null && newest !== undefined ? newest.id : bundleNamed(word, installed);
}

async function start(name: string, version: string | null, installed: Installed): Promise<BundleId | undefined> {
  if (version !== null) return bundleNamed({ name, range: version }, installed);
  return installed.generation?.bundles.find((bundle) => bundle.name === name);
}

async function memberOf(id: BundleId, { installed, known }: Ground): Promise<Member> {
  const bundle = known.get(id.digest) ?? fromStore(await storedManifest(installed.layout, id), id.digest);
  return { ...bundle, explicit: true };
}
