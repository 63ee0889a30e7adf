import type { Manifest } from '../../model/index.ts';
import { generationNumbers, type Layout, readSettings } from '../../store/index.ts';
import { storedManifest } from '../facts/installed.ts';
import { readableGeneration } from '../facts/read-current.ts';

/** Every value that a secret of the bundle has in any kept generation, even if the bundle was removed. */
export async function secretsOf(name: string, layout: Layout): Promise<readonly string[]> {
  const numbers = generationNumbers(layout);
  const manifests = await manifestsOf(name, numbers, layout);
  const declared = manifests.flatMap(({ settings = {} }) => Object.entries(settings));
  const secret = new Map(declared.filter(([, setting]) => setting.secret === true));
  // Without secrets there is no need to read the settings.
  if (manifests.length > 0 && secret.size === 0) return [];
  const answers = numbers.flatMap((number) => Object.entries(readSettings(layout, number)[name] ?? {}));
  // Without a manifest, any setting could be a secret.
  const given = answers.filter(([key]) => manifests.length === 0 || secret.has(key)).map(([, value]) => value);
  const defaults = [...secret.values()].map((setting) => setting.default ?? '');
  return [...new Set([...given, ...defaults].map(String))].filter((value) => value !== '');
}

/** Its manifest in each generation; one that is damaged or no longer kept must not make a log unreadable. */
async function manifestsOf(
  name: string,
  numbers: readonly number[],
  layout: Layout,
): Promise<readonly Pick<Manifest, 'settings'>[]> {
  const members = numbers.flatMap((number) => readableGeneration(layout, number)?.bundles ?? []);
  const versions = new Map(members.filter((one) => one.name === name).map((one) => [one.digest, one]));
  const found = await Promise.all([...versions.values()].map((id) => storedManifest(layout, id).catch(() => null)));
  return found.filter((manifest) => manifest !== null);
}
