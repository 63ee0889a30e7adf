import type { UpgradeClass } from './plan.ts';

/** Every verb an upgrade step may use, with the class of change it makes; docs/upgrade-paths.md describes each. */
export const UPGRADE_VERBS = {
  check: 'none',
  prepare: 'none',
  backup: 'none',
  run: 'none',
  call: 'hot',
  suspend: 'hot',
  resume: 'hot',
  update: 'hot',
  migrate: 'hot',
  reload: 'reload',
  config: 'reload',
  replace: 'replace',
  restart: 'restart',
  stop: 'stop-migrate-start',
  start: 'stop-migrate-start',
  maintenance: 'stop-migrate-start',
} as const satisfies Readonly<Record<string, UpgradeClass>>;

export type UpgradeVerb = keyof typeof UPGRADE_VERBS;

/** The verbs whose word is always a service; `migrate` may also name a program of the bundle. */
export const SERVICE_VERBS: readonly UpgradeVerb[] = [
  'call',
  'suspend',
  'resume',
  'update',
  'reload',
  'config',
  'replace',
  'restart',
  'stop',
  'start',
];

/** The verb of a step as it is written in a manifest; null when it has none or several. */
export function upgradeVerb(step: Readonly<Record<string, unknown>>): UpgradeVerb | null {
  const verbs = Object.keys(step).filter(isUpgradeVerb);
  return verbs.length === 1 ? (verbs[0] ?? null) : null;
}

/** Whether a step copies the data folder of its bundle, which takes no program. */
export function copiesData(step: Readonly<Record<string, unknown>>): boolean {
  return step['backup'] === true;
}

function isUpgradeVerb(word: string): word is UpgradeVerb {
  return Object.hasOwn(UPGRADE_VERBS, word);
}
