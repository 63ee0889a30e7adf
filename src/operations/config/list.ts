import { PkgError } from '../../error.ts';
import { type Generation, nearestWord, quoted, type ServiceStatus, serviceTitle } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { readInstalled } from '../facts/installed.ts';
import { readableServices } from '../service/status.ts';
import { type ConfigState, configStates } from './states.ts';

export type ListedConfig = ConfigState & {
  /** The running services that have not read the file as it is now, as `web/server`. */
  readonly notLoadedBy: readonly string[];
};

/** Every configuration file of all bundles or of one, its state, and the services that have not loaded it yet. */
export async function listConfig(
  root: string,
  name: string | null,
): Promise<{ readonly generation: number | null; readonly files: readonly ListedConfig[] }> {
  const { layout, generation } = readInstalled(root);
  if (generation === null) {
    if (name !== null) throw notInstalled(name);
    return { generation: null, files: [] };
  }
  const names = name === null ? Object.keys(generation.config) : [configured(name, generation)];
  const services = await readableServices(layout, generation);
  const files = names.flatMap((one) => configStates(layout, generation, one));
  return {
    generation: generation.number,
    files: files.map((state) => ({ ...state, notLoadedBy: notLoadedBy(state, services) })),
  };
}

function notLoadedBy({ bundle, file }: ConfigState, services: readonly ServiceStatus[]): readonly string[] {
  return services
    .filter((service) => service.bundle === bundle && service.notLoaded.includes(file))
    .map(({ name }) => serviceTitle({ bundle, service: name }));
}

/** One file by the words of an operator: `web web.conf`, or its path below `current/etc`, or only `web` where it has one. */
export function findConfig(words: readonly string[], layout: Layout, generation: Generation): readonly ConfigState[] {
  const [first = '', file] = words;
  const [, name = first, within = file] = /^(?:.*\/)?etc\/([^/]+)\/(.+)$/.exec(first) ?? [];
  const all = configStates(layout, generation, configured(name, generation));
  if (within === undefined) return all;
  const found = all.filter((one) => one.file === within);
  if (found.length > 0) return found;
  const near = nearestWord(
    within,
    all.map((one) => one.file),
  );
  throw new PkgError('unknown-name', `${name} has no configuration file ${within}`, {
    hint: near === null ? `pkg config list ${name}` : `did you mean ${near}?`,
  });
}

/** Nothing is, so that there is no name that could have been meant. */
export function notInstalled(name: string): PkgError {
  return new PkgError('unknown-name', `${quoted(name)} is not installed`);
}

function configured(name: string, { config, bundles }: Generation): string {
  if (config[name] !== undefined) return name;
  const isThere = bundles.some((bundle) => bundle.name === name);
  const near = nearestWord(name, Object.keys(config));
  throw new PkgError('unknown-name', isThere ? `${name} has no configuration` : `${quoted(name)} is not installed`, {
    hint: near === null ? 'pkg config list shows what there is' : `did you mean ${near}?`,
  });
}
