import {
  type Manifest,
  nearestWord,
  SERVICE_VERBS,
  type Service,
  type UpgradeEntry,
  upgradeVerb,
} from '../../model/index.ts';
import type { Problem } from '../manifest/manifest-source.ts';
import { hasOnePort, isReplaceable, keepsOneInstance } from './check-services.ts';

type Step = UpgradeEntry['steps'][number];

const CONTROL_VERBS = ['call', 'suspend', 'resume', 'update', 'migrate'];

/** Steps about services that are not there, or that cannot do what they are asked for. */
export function checkStepServices(manifest: Manifest, entry: UpgradeEntry, place: Problem['path']): readonly Problem[] {
  return entry.steps.flatMap((step, at) => [
    ...[...SERVICE_VERBS, 'service'].flatMap((key) => unknownService(manifest, step[key], [...place, at, key])),
    ...incapable(manifest, step, [...place, at]),
  ]);
}

/** The service of this bundle that a word names, with or without the bundle before it. */
export function ownService(word: unknown, manifest: Manifest): Service | undefined {
  if (typeof word !== 'string') return undefined;
  const name = word.startsWith(`${manifest.name}/`) ? word.slice(manifest.name.length + 1) : word;
  return Object.hasOwn(manifest.services ?? {}, name) ? manifest.services?.[name] : undefined;
}

function unknownService(manifest: Manifest, word: unknown, path: Problem['path']): readonly Problem[] {
  if (typeof word !== 'string' || ownService(word, manifest) !== undefined) return [];
  if (word.includes('/') && !word.startsWith(`${manifest.name}/`)) return [];
  const near = nearestWord(word, Object.keys(manifest.services ?? {}));
  const hint = near === null ? 'services are declared in "services"' : `did you mean '${near}'?`;
  return [{ path, at: 'value', message: `no-such-service: '${word}'`, hint }];
}

function incapable(manifest: Manifest, step: Step, place: Problem['path']): readonly Problem[] {
  const verb = upgradeVerb(step);
  const service = verb === null ? undefined : ownService(step[verb], manifest);
  if (verb === null || service === undefined) return [];
  const problem = (message: string, hint: string): readonly Problem[] => [
    { path: [...place, verb], at: 'value', message, hint },
  ];
  const name = String(step[verb]);
  if (CONTROL_VERBS.includes(verb) && service.control === undefined) {
    return problem(`control-missing: nobody could tell '${name}' to ${verb}`, 'add "control": "bin/…" to the service');
  }
  if (verb === 'reload' && service.reload === undefined) {
    return problem(`reload-missing: '${name}' does not say how it is reloaded`, 'add "reload" to the service');
  }
  if (verb === 'replace' && !isReplaceable(service)) {
    const message = `replace-needs-exact: old and new '${name}' would both run from 'current'`;
    return problem(message, 'use "path": "exact" in the service');
  }
  if (verb === 'replace' && hasOnePort(service)) {
    const message = `replace-needs-two-ports: old and new '${name}' would need the same port`;
    return problem(message, 'add a second port to "ports" of the service');
  }
  if (verb === 'replace' && keepsOneInstance(service)) {
    const message = `replace-needs-two-instances: ${service.manager} keeps only one of '${name}'`;
    return problem(message, 'use "restart", or the manager "process" in the service');
  }
  return [];
}
