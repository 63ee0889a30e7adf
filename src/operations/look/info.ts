import fs from 'node:fs';
import { compareVersions, type Generation, type NameRange } from '../../model/index.ts';
import { explainWhy } from '../../plan/index.ts';
import { generationNumbers, type Layout, leftBehind } from '../../store/index.ts';
import { configStates } from '../config/states.ts';
import { bundleNamed, membersOnDisk, readInstalled, storedManifest } from '../facts/installed.ts';
import { readableGeneration } from '../facts/read-current.ts';
import { versionSince } from './since.ts';

/** Everything known about one bundle, installed or only kept. */
export async function info(root: string, word: NameRange) {
  const installed = readInstalled(root);
  const { layout, generation } = installed;
  const { name, version, digest } = await bundleNamed(word, installed);
  const member = generation?.bundles.find((bundle) => bundle.digest === digest);
  const { files, ...manifest } = await storedManifest(layout, { name, version, digest });
  const why = member === undefined ? null : explainWhy(name, await membersOnDisk(installed));
  const numbers = generationNumbers(layout);
  return {
    name,
    version,
    digest,
    installed: member !== undefined,
    explicit: member?.explicit ?? false,
    neededBy: (why?.neededBy ?? []).map(({ as, range, by }) => ({ name: by.name, as, range })),
    since: member === undefined ? null : versionSince(name, layout),
    size: files.reduce((sum, entry) => sum + (entry.type === 'file' ? entry.size : 0), 0),
    entries: files.length,
    folder: fs.existsSync(layout.bundle({ name, version, digest })) ? layout.bundle({ name, version, digest }) : null,
    archive: fs.existsSync(layout.archive({ name, version, digest }))
      ? layout.archive({ name, version, digest })
      : null,
    generations: numbers.filter((number) =>
      readableGeneration(layout, number)?.bundles.some((bundle) => bundle.digest === digest),
    ),
    otherVersions: versionsIn(
      numbers.flatMap((number) => readableGeneration(layout, number)?.bundles ?? []),
      name,
    ).filter((other) => other !== version),
    config: generation === null || member === undefined ? [] : configOf(layout, generation, name),
    /** Of a bundle that was removed: what `pkg remove --purge` would delete. */
    leftBehind: member === undefined ? leftOf(name, layout) : [],
    manifest,
  };
}

function leftOf(name: string, layout: Layout): readonly { readonly what: string; readonly path: string }[] {
  const found = leftBehind(layout, []).find((left) => left.name === name);
  return (found?.what ?? []).map((what) => ({
    what,
    path: what === 'data' ? layout.dataOf(name) : layout.configOf(name),
  }));
}

function versionsIn(bundles: readonly { readonly name: string; readonly version: string }[], name: string) {
  const versions = bundles.filter((bundle) => bundle.name === name).map((bundle) => bundle.version);
  return [...new Set(versions)].toSorted((a, b) => compareVersions(b, a));
}

/** The files that the bundle ships, without those that operators have added. */
function configOf(layout: Layout, generation: Generation, name: string) {
  return configStates(layout, generation, name).flatMap(({ path, state }) =>
    state === 'added' || state === 'waiting' ? [] : [{ path, state }],
  );
}
