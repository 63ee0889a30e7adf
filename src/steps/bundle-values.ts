import path from 'node:path';
import { PkgError } from '../error.ts';
import { type BundleSettings, expandValues, type Manifest } from '../model/index.ts';
import { type Layout, readAnswers, readGeneration } from '../store/index.ts';

/** What each `${name}` of a manifest stands for. */
export type Values = Readonly<Record<string, string>>;

/** The values of a bundle that lies in `folder`, as a member of `generation`. */
export function bundleValues(layout: Layout, manifest: Manifest, folder: string, generation: number): Values {
  const generationDir = layout.generation(generation);
  const bundles = readGeneration(layout, generation)?.bundles ?? [];
  return {
    name: manifest.name,
    version: manifest.version,
    root: layout.root,
    bundle: folder,
    etc: path.join(generationDir, 'etc', manifest.name),
    data: layout.dataOf(manifest.name),
    generation: String(generation),
    generationDir,
    ...Object.fromEntries(
      Object.entries(settingsIn(layout, manifest, generation)).map(([name, value]) => [
        `setting.${name}`,
        String(value),
      ]),
    ),
    ...Object.fromEntries(bundles.map((bundle) => [`bundle:${bundle.name}`, layout.bundle(bundle)])),
  };
}

/** The `env` of a manifest with its values filled in. */
export function declaredEnvironment(manifest: Manifest, values: Values): Record<string, string> {
  return Object.fromEntries(
    Object.entries(manifest.env ?? {}).map(([name, text]) => [name, expand(text, values, manifest)]),
  );
}

/** Puts the values into `text`; a name without one is an error that names it. */
export function expand(text: string, values: Values, manifest: Manifest): string {
  const expanded = expandValues(text, values);
  if (expanded.unknown.length === 0) return expanded.text;
  throw new PkgError(
    'step-failed',
    `${manifest.name}: no value for \${${expanded.unknown.join('}, ${')}} in '${text}'`,
  );
}

/** What of these values nobody may read. */
export function secretsIn({ settings = {} }: Manifest, values: Values): readonly string[] {
  const names = Object.keys(settings).filter((name) => settings[name]?.secret === true);
  return names.map((name) => values[`setting.${name}`] ?? '').filter((value) => value !== '');
}

/** The settings of a bundle as a member of `generation`. Whoever has none does not depend on those of others. */
export function settingsIn(layout: Layout, manifest: Manifest, generation: number): BundleSettings {
  const hasSome = Object.keys(manifest.settings ?? {}).length > 0;
  return hasSome ? withDefaults(manifest, readAnswers(layout, generation, manifest.name)) : {};
}

/** Declared settings only: each as it was answered, else its default, else empty where none was needed. */
export function withDefaults(manifest: Manifest, answered: BundleSettings): BundleSettings {
  return Object.fromEntries(
    Object.entries(manifest.settings ?? {}).map(([name, setting]) => [name, answered[name] ?? setting.default ?? '']),
  );
}
