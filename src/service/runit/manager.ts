import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import type { Launch, RunRecord } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';
import { identify, parseDuration } from '../../system/index.ts';
import type { Condition, Remark, ServiceManager } from '../manager.ts';
import { reloadInstance } from '../process/reload-instance.ts';
import { settleEarlier } from '../process/settle-earlier.ts';
import { isStarted, noteStopped, readRecord, recordOf, writeRecord } from '../run-record.ts';
import { logTail } from '../service-log.ts';
import { isForeign, isInPlace } from '../units/unit-files.ts';
import { placeUnits } from '../units/unit-place.ts';
import { isKeptWithin, isServed, type Kept, keptBy, servedAt, sv } from './ask.ts';
import { RUNIT_SERVICES, runitUnit } from './run.ts';

/** Leaves the process to runit, which starts it again when it dies and after a boot. */
export const runitManager: ServiceManager = {
  unusable: () => Promise.resolve(isServed() ? null : NOT_SERVED),
  condition,
  async start(launch, abort) {
    const adopted = await settleEarlier(launch, runitManager, abort);
    return adopted === null ? start(launch) : withProcess(adopted, await keptBy(servedAt(launch.unit)));
  },
  stop: (record, _abort, tell) => stop(record, tell),
  reload: async (record, abort, news) =>
    reloadInstance(withProcess(record, await keptBy(folderOf(record))), abort, news),
};

const NOT_SERVED = `no runsvdir serves ${RUNIT_SERVICES}`;

async function condition(record: RunRecord): Promise<Condition> {
  const kept = await keptBy(folderOf(record));
  if (isForeign(runitUnit(record.launch))) {
    return {
      state: 'foreign',
      pid: null,
      supervised: false,
      because: `${folderOf(record)} was not made by pkg for this root`,
    };
  }
  if (kept.state === 'run') return { state: 'running', pid: kept.pid, supervised: true };
  const supervised = kept.state === 'down';
  if (!isStarted(record)) return { state: 'stopped', pid: null, supervised };
  // What comes up before runsvdir finds nothing kept, and all that is enabled about to be.
  if (!isServed()) return { state: 'dead', pid: null, supervised, because: NOT_SERVED, isComing: true };
  return { state: 'dead', pid: null, supervised, because: kept.text };
}

async function start(launch: Launch): Promise<RunRecord> {
  refuseForks(launch);
  const unit = runitUnit(launch);
  if (!isInPlace(unit)) await placeUnits([unit]);
  fs.mkdirSync(path.dirname(launch.log), { recursive: true });
  const folder = servedAt(launch.unit);
  const record = recordOf(launch, readRecord(launch.runFile));
  // One that runs although nothing is recorded was started by hand, perhaps as something else.
  if ((await keptBy(folder)).state === 'run') await stop(record);
  const said = await sv(['-w', '10', 'up'], folder);
  const kept = await keptBy(folder);
  if (said.ok && kept.state === 'run') return withProcess(record, kept);
  await sv(['down'], folder);
  const title = serviceTitle(launch.name);
  throw new PkgError('service-failed', `cannot start ${title}: ${said.text}${logTail(launch)}`, {
    hint: `pkg logs ${title}`,
    details: { log: launch.log },
  });
}

function refuseForks({ name, service }: Launch): void {
  if (service.forks !== true) return;
  throw new PkgError(
    'wrong-fork-expectation',
    `${serviceTitle(name)} declares \`forks\`, but runit keeps only what stays in front`,
    {
      hint: 'start the program with its option for the foreground',
    },
  );
}

/** Records the process that runsv has started. */
function withProcess(record: RunRecord, kept: Kept): RunRecord {
  const identity = kept.state === 'run' ? identify(kept.pid) : null;
  const found = identity === null ? record : { ...record, ...identity };
  writeRecord(record.launch.runFile, found);
  return found;
}

async function stop(record: RunRecord, tell?: Remark): Promise<RunRecord> {
  const { launch } = record;
  const folder = folderOf(record);
  const title = serviceTitle(launch.name);
  if (isForeign(runitUnit(launch)))
    throw new PkgError('service-failed', `cannot stop ${title}: ${folder} was not made by pkg`);
  const { timeout = '30s' } = launch.service.stop ?? {};
  const isDown = ({ state }: Kept): boolean => state !== 'run';
  await sv(['down'], folder);
  if (!(await isKeptWithin(parseDuration(timeout), folder, isDown))) {
    tell?.(`${title} did not stop within ${timeout} and was killed`);
    await sv(['kill'], folder);
    if (!(await isKeptWithin(5_000, folder, isDown)))
      throw new PkgError('service-failed', `cannot stop ${title}: it still runs`);
  }
  return noteStopped(record);
}

function folderOf({ launch }: RunRecord): string {
  return servedAt(launch.unit);
}
