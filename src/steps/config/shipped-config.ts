import path from 'node:path';
import { type Entries, type Owner, shippedEntries, type TemplateValues } from '../../config/index.ts';
import { PkgError } from '../../error.ts';
import type { BundleSettings, Manifest } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { withDefaults } from '../bundle-values.ts';
import { findUser } from '../find-user.ts';

/** A bundle whose configuration is asked for. */
export type ConfigSource = {
  /** Where it lies unpacked; at least its configuration files. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** Its store folder, whether it is there yet or not. */
  readonly bundleDir: string;
  readonly settings: BundleSettings;
  /** The number of the generation that the files are written for. */
  readonly generation: string;
  /** Before the hooks ran, an owner may not exist yet; the files are given away later. */
  readonly mayLackOwner: boolean;
};

/** The configuration files of a bundle as an operator gets them: filled in, with the mode and owner it declares. */
export async function shippedConfig(layout: Layout, source: ConfigSource): Promise<Entries> {
  const files = source.manifest.config ?? [];
  const owners = await ownersOf(source);
  const shipping = { ...templateValues(layout, source), owner: (name: string) => owners.get(name) ?? null };
  return shippedEntries(source.folder, files, shipping);
}

/** A file outlives generations in which its bundle stays: what others decide is named through `current`. */
function templateValues(layout: Layout, { manifest, settings, generation, bundleDir }: ConfigSource): TemplateValues {
  const { name, version } = manifest;
  const port = onlyPort(manifest);
  const values = {
    name,
    version,
    root: layout.root,
    bundle: bundleDir,
    etc: path.join(layout.current, 'etc', name),
    data: layout.dataOf(name),
    generation,
    generationDir: layout.current,
    ...(port === null ? {} : { port: String(port) }),
    ...named('setting.', withDefaults(manifest, settings), String),
    ...named('bundle:', manifest.depends ?? {}, (_range, other) => path.join(layout.current, 'bundles', other)),
  };
  const secrets = Object.entries(manifest.settings ?? {}).filter(([, setting]) => setting.secret === true);
  return { values, secrets: secrets.map(([key]) => key) };
}

function named<T>(prefix: string, all: Readonly<Record<string, T>>, text: (value: T, key: string) => string) {
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [`${prefix}${key}`, text(value, key)]));
}

/** Which one is meant goes without saying only where there is one. */
function onlyPort({ services }: Manifest): number | null {
  const ports = Object.values(services ?? {}).flatMap((service) => service.ports?.slice(0, 1) ?? []);
  return ports.length === 1 ? (ports[0] ?? null) : null;
}

/** Only root can give files away; the plan warns everybody else. */
async function ownersOf({ manifest, mayLackOwner }: ConfigSource): Promise<ReadonlyMap<string, Owner>> {
  const owners = new Map<string, Owner>();
  if (process.getuid?.() !== 0) return owners;
  for (const name of new Set((manifest.config ?? []).flatMap(({ owner }) => owner ?? []))) {
    const found = await findUser(name);
    if (found !== null) owners.set(name, found);
    else if (!mayLackOwner) throw noSuchUser(name, manifest.name);
  }
  return owners;
}

function noSuchUser(user: string, bundle: string): PkgError {
  return new PkgError('step-failed', `cannot give the configuration of ${bundle} to ${user}: there is no such user`, {
    hint: 'create it first, for example with pkg:create-user in preinstall',
  });
}
