import fs from 'node:fs';
import path from 'node:path';
import { readStoredManifest } from '../../bundle/index.ts';
import { PkgError } from '../../error.ts';
import {
  bundleTitle,
  type Launch,
  type Manifest,
  type RunRecord,
  type Service,
  type ServiceAt,
  type ServiceName,
} from '../../model/index.ts';
import { type Layout, readRootId } from '../../store/index.ts';
import { expand, secretsIn, type Values } from '../bundle-values.ts';
import { launchEnvironment } from './launch-environment.ts';
import { dependenciesOf } from '../dependencies-of.ts';
import { folderOf, launchPath, launchValues } from './launch-values.ts';

export type LaunchOptions = {
  /** Which of its ports; the first by default. */
  readonly port?: number;
  /** The instance before: its port and the words that were added by hand go on. */
  readonly recorded?: RunRecord | null;
  /** An instance that goes on running: another port than its is taken. */
  readonly beside?: RunRecord;
  /** Words added by hand now; those of `recorded` are forgotten. */
  readonly extraArgs?: readonly string[];
  /** Home folder of services without a user of their own, and the Node that runs us. */
  readonly home: string;
  readonly node: string;
};

/** Everything needed to start a service as its bundle declares it in a generation, with all values filled in. */
export async function launchOf(layout: Layout, at: ServiceAt, options: LaunchOptions): Promise<Launch> {
  const { home, node } = options;
  const manifest = await readStoredManifest(layout.bundle(at.bundle));
  const declared = declarationOf(manifest, at);
  const way = launchPath(layout, at, declared.path ?? 'exact');
  const port = portOf(declared, options);
  const values = {
    ...launchValues(manifest, at.bundle, way),
    ...(port === null ? {} : { port: String(port) }),
  };
  const service = await withNeeds(filledIn(declared, values, manifest), { layout, manifest, at });
  const { user } = service;
  const env = await launchEnvironment({ at, way, manifest, values, env: service.env ?? {}, user, port, home, node });
  const bundleDir = folderOf(at.bundle, way);
  // What goes on running has read what it has read.
  const loaded = options.recorded?.launch.loaded;
  const secrets = secretsIn(manifest, values);
  const extraArgs = options.extraArgs ?? options.recorded?.launch.extraArgs ?? [];
  return {
    name: at.name,
    version: manifest.version,
    generation: at.generation,
    bundleDir,
    service,
    argv: [...commandLine(service, bundleDir, env), ...extraArgs],
    ...(extraArgs.length === 0 ? {} : { extraArgs }),
    cwd: bundleDir,
    env,
    port,
    log: layout.serviceLog(at.name),
    ...(loaded === undefined ? {} : { loaded }),
    ...(secrets.length === 0 ? {} : { secrets }),
    runFile: layout.runRecord(at.name),
    unit: unitName(layout, at.name),
  };
}

function declarationOf(manifest: Manifest, { name }: ServiceAt): Service {
  const declared = manifest.services?.[name.service];
  if (declared !== undefined) return declared;
  throw new PkgError('service-failed', `${bundleTitle(manifest)} declares no service '${name.service}'`);
}

/** A port that the new version does not have any more is not kept. */
function portOf({ ports = [] }: Service, { port, recorded, beside }: LaunchOptions): number | null {
  const wanted = port ?? recorded?.port;
  const isMeant = beside === undefined ? (one: number) => one === wanted : (one: number) => one !== beside.port;
  return ports.find(isMeant) ?? ports[0] ?? null;
}

/** The declaration with the values put into every text of it, however deep. */
function filledIn(declared: Service, values: Values, manifest: Manifest): Service {
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string') return expand(value, values, manifest);
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]));
  };
  return fill(declared) as Service;
}

type Place = { readonly layout: Layout; readonly manifest: Manifest; readonly at: ServiceAt };

/** What is not said of the order follows from the dependencies: every service of a bundle below is there before. */
async function withNeeds(service: Service, { layout, manifest, at }: Place): Promise<Service> {
  if (service.needs !== undefined) return service;
  const below = await dependenciesOf(layout, manifest, at.generation);
  const needs = below.flatMap((one) =>
    Object.keys(one.manifest.services ?? {}).map((name) => `${one.id.name}/${name}`),
  );
  return needs.length === 0 ? service : { ...service, needs };
}

/** The words of the command with its program as an absolute path. */
export function commandLine(
  { start }: Pick<Service, 'start'>,
  bundleDir: string,
  env: Launch['env'],
): readonly string[] {
  if (start === undefined) return [];
  const [program = '', ...words] = start;
  return [programPath(program, bundleDir, env), ...words];
}

/** Absolute wherever it can be found, so that a record says what was started even after PATH leads elsewhere. */
function programPath(program: string, bundleDir: string, env: Launch['env']): string {
  if (program.includes('/')) return path.resolve(bundleDir, program);
  const places = (env['PATH'] ?? '').split(':').map((folder) => path.join(folder, program));
  return places.find(isProgram) ?? program;
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What units of other managers are called. The root of the machine needs no name of its own; two others must not meet. */
export function unitName(layout: Layout, name: ServiceName): string {
  const of = layout.root === '/var/lib/pkg' ? [] : [readRootId(layout)];
  return ['pkg', ...of, name.bundle, name.service].join('-');
}
