import { copiesData, type Manifest, type UpgradeEntry, upgradeVerb } from '../../model/index.ts';
import type { Problem } from '../manifest/manifest-source.ts';

type State = {
  readonly suspended: ReadonlyMap<string, number>;
  readonly stopped: ReadonlyMap<string, number>;
  readonly hasBackup: boolean;
};

/** Goes through the steps of one way as the services would, and names what does not come out even. */
export function checkSteps(manifest: Manifest, entry: UpgradeEntry, place: Problem['path']): readonly Problem[] {
  const problems: Problem[] = [];
  const suspended = new Map<string, number>();
  const stopped = new Map<string, number>();
  let hasBackup = false;
  for (const [at, step] of entry.steps.entries()) {
    const verb = upgradeVerb(step);
    if (verb === null) continue;
    const report = (message: string, hint: string): void => {
      problems.push({ path: [...place, at, verb], at: 'key', message, hint });
    };
    const service = String(step[verb]);
    if (verb === 'backup') hasBackup = true;
    if (copiesData(step) && manifest.data?.directory !== true) {
      report('backup-without-data: this bundle has no data folder', 'add "data": { "directory": true }');
    }
    if (copiesData(step) && !isQuiet(manifest, step, { suspended, stopped, hasBackup })) {
      report('backup-not-suspended: the service works on the data while it is copied', 'suspend or stop it first');
    }
    if (step['irreversible'] === true && !hasBackup) {
      report('irreversible-without-backup: nothing could be restored after this step', 'put a "backup" step before it');
    }
    if (verb === 'migrate' && !isQuiet(manifest, step, { suspended, stopped, hasBackup })) {
      report('migrate-not-suspended: the service works on the data while it is migrated', 'suspend or stop it first');
    }
    if (verb === 'start' && !stopped.delete(service)) {
      report(`start-not-stop: '${service}' was not stopped before`, `add { "stop": "${service}" }`);
    }
    if (verb === 'resume' && !suspended.has(service)) {
      report(`resumed-not-suspended: '${service}' was not suspended before`, `add { "suspend": "${service}" }`);
    }
    if (verb === 'suspend') suspended.set(service, at);
    if (verb === 'stop') stopped.set(service, at);
    if (verb === 'resume' || verb === 'restart' || verb === 'stop') suspended.delete(service);
    if (verb === 'restart') stopped.delete(service);
  }
  for (const [service, at] of suspended) {
    const message = `suspended-not-resumed: '${service}' would hold its work for ever`;
    problems.push({ path: [...place, at, 'suspend'], at: 'key', message, hint: `add { "resume": "${service}" }` });
  }
  for (const [service, at] of stopped) {
    const message = `stopped-not-started: '${service}' would stay stopped`;
    problems.push({ path: [...place, at, 'stop'], at: 'key', message, hint: `add { "start": "${service}" }` });
  }
  return problems;
}

// Which service the data belongs to is said by `service`; otherwise any that holds still will do.
function isQuiet(manifest: Manifest, step: Readonly<Record<string, unknown>>, state: State): boolean {
  const { service } = step;
  const meant = typeof service === 'string' ? service : String(step['migrate']);
  if (state.suspended.has(meant) || state.stopped.has(meant)) return true;
  if (typeof service === 'string') return false;
  const hasServices = Object.keys(manifest.services ?? {}).length > 0;
  return !hasServices || state.suspended.size + state.stopped.size > 0;
}
