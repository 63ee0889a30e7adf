import {
  type Direction,
  type Manifest,
  type OnChange,
  type ServiceName,
  sameService,
  UPGRADE_VERBS,
  type UpgradeClass,
  type UpgradeEntry,
  upgradeVerb,
} from '../../model/index.ts';
import type { Member } from '../member.ts';
import type { Ground, Hop } from './hop.ts';
import { serviceOfStep } from './service-of-step.ts';

const WEIGHTS: Readonly<Record<UpgradeClass, number>> = {
  none: 0,
  hot: 1,
  reload: 100,
  replace: 1_000,
  restart: 10_000,
  'stop-migrate-start': 1_000_000,
  'through-base': 100_000_000,
};

/** The weight of a class; the way of least weight is taken. */
export function weigh(upgradeClass: UpgradeClass): number {
  return WEIGHTS[upgradeClass];
}

/** The class that disturbs most; `none` if there is no class. */
export function heaviest(classes: readonly UpgradeClass[]): UpgradeClass {
  return classes.reduce((worst, one) => (weigh(one) > weigh(worst) ? one : worst), 'none');
}

/** The words of `upgrade.default`. */
const DEFAULTS: readonly (readonly [string, UpgradeClass])[] = [
  ['none', 'none'],
  ['hot', 'hot'],
  ['reload', 'reload'],
  ['replace', 'replace'],
  ['restart', 'restart'],
  ['stop-migrate-start', 'stop-migrate-start'],
  ['base', 'through-base'],
];

/** The class of a declared way: that of its heaviest verb; programs alone disturb nothing that runs. */
export function classOfEntry(entry: UpgradeEntry, describer: Member): UpgradeClass {
  return heaviest(entry.steps.map((step) => classOfStep(step, describer)));
}

/** The class where nothing is declared: the `default` of the newer bundle, else what its services say. */
export function defaultClass(newer: Manifest, direction: Direction): UpgradeClass {
  const services = Object.values(newer.services ?? {});
  const declared = direction === 'rebuild' ? undefined : newer.upgrade?.default?.[direction === 'down' ? 'down' : 'up'];
  return asClass(declared) ?? heaviest(services.map(({ onUpgrade }): OnChange => onUpgrade ?? 'restart'));
}

/** The class of a hop on this machine: a service that does not run is not disturbed. */
export function classHere(
  hop: Pick<Hop, 'from' | 'to' | 'direction' | 'class' | 'entry'>,
  ground: Ground,
): UpgradeClass {
  const describer = hop.direction === 'down' ? hop.from : hop.to;
  if (hop.from === null || hop.to === null || describer === null) return hop.class;
  const isUp = runsAny(hop.from, ground);
  if (hop.entry === null) return isUp ? hop.class : 'none';
  return heaviest(
    hop.entry.steps.map((step) => {
      const service = serviceOfStep(step, describer);
      const isReached = service === null ? isUp : runs(service, ground);
      return isReached ? classOfStep(step, describer) : 'none';
    }),
  );
}

function classOfStep(step: UpgradeEntry['steps'][number], describer: Member): UpgradeClass {
  const verb = upgradeVerb(step);
  if (verb === null || (verb === 'migrate' && serviceOfStep(step, describer) === null)) return 'none';
  return UPGRADE_VERBS[verb];
}

function asClass(word: string | undefined): UpgradeClass | null {
  return DEFAULTS.find(([written]) => written === word)?.[1] ?? null;
}

function runsAny({ id, manifest }: Member, ground: Ground): boolean {
  return Object.keys(manifest.services ?? {}).some((service) => runs({ bundle: id.name, service }, ground));
}

function runs(name: ServiceName, { services }: Ground): boolean {
  return services.some((fact) => fact.state === 'running' && sameService(fact.name, name));
}
