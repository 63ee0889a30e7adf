import path from 'node:path';
import { cleanEnvironment } from '../../hook/index.ts';
import { type Manifest, type ServiceAt, serviceTitle } from '../../model/index.ts';
import { readText } from '../../system/index.ts';
import { declaredEnvironment, settingsIn, type Values } from '../bundle-values.ts';
import { dependenciesOf } from '../dependencies-of.ts';
import { generationFolder, type LaunchPath, launchValues } from './launch-values.ts';

/** What the environment of a service is made of, besides the bundles that it depends on. */
export type LaunchFacts = {
  readonly at: ServiceAt;
  readonly way: LaunchPath;
  readonly manifest: Manifest;
  readonly values: Values;
  /** `env` of the service with its values filled in. */
  readonly env: Readonly<Record<string, string>>;
  readonly user: string | undefined;
  readonly port: number | null;
  readonly home: string;
  readonly node: string;
};

/** The clean environment of a service: variables of what it depends on, of its bundle, and its own, the last one wins. */
export async function launchEnvironment(facts: LaunchFacts): Promise<Record<string, string>> {
  const { at, way, manifest, values, port } = facts;
  const below = await dependenciesOf(way.layout, manifest, way.generation);
  const declared = below.map((one) => declaredEnvironment(one.manifest, launchValues(one.manifest, one.id, way)));
  const env = Object.assign({}, ...declared, declaredEnvironment(manifest, values), facts.env) as Record<
    string,
    string
  >;
  return {
    ...cleanEnvironment({
      path: [path.join(generationFolder(way), 'bin')],
      home: facts.user === undefined ? facts.home : (homeOf(facts.user) ?? '/'),
      env,
      settings: settingsIn(way.layout, manifest, way.generation),
    }),
    PKG_NAME: manifest.name,
    PKG_VERSION: manifest.version,
    PKG_ROOT: way.layout.root,
    PKG_BUNDLE_DIR: values['bundle'] ?? '',
    PKG_CONFIG_DIR: values['etc'] ?? '',
    PKG_DATA_DIR: values['data'] ?? '',
    PKG_GENERATION: String(way.generation),
    PKG_SERVICE: serviceTitle(at.name),
    PKG_NODE: facts.node,
    ...(port === null ? {} : { PKG_PORT: String(port) }),
  };
}

/** The home folder of a user, by name or number; null when nobody is called like this. */
function homeOf(user: string): string | null {
  const entries = (readText('/etc/passwd') ?? '').split('\n').map((line) => line.split(':'));
  return entries.find(([name, , uid]) => name === user || uid === user)?.[5] ?? null;
}
