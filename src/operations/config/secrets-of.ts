import fs from 'node:fs';
import type { Generation, Launch, Manifest } from '../../model/index.ts';
import { generationNumbers, type Layout, readableSettings, settingsChange } from '../../store/index.ts';
import { storedManifest } from '../facts/installed.ts';
import { readableGeneration } from '../facts/read-current.ts';

/** What is secret of a bundle, and the generation whose secrets are lost, if there is one: nothing could hide them. */
export type Secrets = { readonly values: readonly string[]; readonly lostIn: number | null };

/**
 * Every value that a secret of the bundle has in any kept generation, even if the bundle was removed. Those of the
 * generation of `launch` are also known by what was started.
 */
export async function secretsOf(name: string, layout: Layout, launch: Launch | null = null): Promise<Secrets> {
  const numbers = generationNumbers(layout);
  const generations = numbers.flatMap((number) => readableGeneration(layout, number) ?? []);
  const manifests = await manifestsOf(name, generations, layout);
  const declared = manifests.flatMap(({ settings = {} }) => Object.entries(settings));
  const secret = new Map(declared.filter(([, setting]) => setting.secret === true));
  const started = launch?.secrets ?? [];
  // Without secrets there is no need to read the settings.
  if (manifests.length > 0 && secret.size === 0) return { values: started, lostIn: null };
  const answers = numbers.flatMap((number) => Object.entries(readableSettings(layout, number)?.[name] ?? {}));
  // Without a manifest, any setting could be a secret.
  const given = answers.filter(([key]) => manifests.length === 0 || secret.has(key)).map(([, value]) => value);
  const defaults = [...secret.values()].map((setting) => setting.default ?? '');
  const values = [...new Set([...started, ...given, ...defaults].map(String))].filter((value) => value !== '');
  return { values, lostIn: lostIn(name, generations, launch, layout) };
}

/** Its manifest in each generation; one that is damaged or no longer kept must not make a log unreadable. */
async function manifestsOf(
  name: string,
  generations: readonly Generation[],
  layout: Layout,
): Promise<readonly Pick<Manifest, 'settings'>[]> {
  const members = generations.flatMap(({ bundles }) => bundles);
  const versions = new Map(members.filter((one) => one.name === name).map((one) => [one.digest, one]));
  const found = await Promise.all([...versions.values()].map((id) => storedManifest(layout, id).catch(() => null)));
  return found.filter((manifest) => manifest !== null);
}

/** The last generation whose answers of the bundle are lost, and are not the same as what is known elsewhere. */
function lostIn(
  name: string,
  generations: readonly Generation[],
  launch: Launch | null,
  layout: Layout,
): number | null {
  const answered = generations.filter(({ settings }) => settings?.[name] !== undefined);
  const isKnown = (one: Generation) => one.number === launch?.generation || settingsChange(layout, one) === null;
  const known = new Set(answered.filter(isKnown).map(({ settings }) => settings?.[name]));
  const unknown = answered.filter(({ settings }) => !known.has(settings?.[name]));
  // One that was taken away meanwhile has lost nothing.
  return unknown.findLast(({ number }) => fs.existsSync(layout.generationFile(number)))?.number ?? null;
}
