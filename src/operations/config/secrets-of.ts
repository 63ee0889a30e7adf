import type { Manifest } from '../../model/index.ts';
import { generationNumbers, type Layout, readSettings } from '../../store/index.ts';
import { storedManifest } from '../facts/installed.ts';
import { readableGeneration } from '../facts/read-current.ts';

/** Every value that a secret of the bundle has or had in a generation that is kept, also after it was removed. */
export async function secretsOf(name: string, layout: Layout): Promise<readonly string[]> {
  const numbers = generationNumbers(layout);
  const manifests = await manifestsOf(name, numbers, layout);
  const declared = manifests.flatMap(({ settings = {} }) => Object.entries(settings));
  const secret = new Map(declared.filter(([, setting]) => setting.secret === true));
  // Nobody needs to be let into the settings where no secret is among them.
  if (manifests.length > 0 && secret.size === 0) return [];
  const answers = numbers.flatMap((number) => Object.entries(readSettings(layout, number)[name] ?? {}));
  // Without any manifest each of them could be one.
  const given = answers.filter(([key]) => manifests.length === 0 || secret.has(key)).map(([, value]) => value);
  const defaults = [...secret.values()].map((setting) => setting.default ?? '');
  return [...new Set([...given, ...defaults].map(String))].filter((value) => value !== '');
}

/** Its manifest in each generation; what is damaged or no longer kept must not keep anybody from a log. */
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
