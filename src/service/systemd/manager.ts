import fs from 'node:fs';
import { PkgError } from '../../error.ts';
import type { RunRecord } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';
import { bootId, parseDuration, writeDurably } from '../../system/index.ts';
import type { Condition, Remark, ServiceManager } from '../manager.ts';
import { settleEarlier } from '../process/settle-earlier.ts';
import { isStarted, noteStopped } from '../run-record.ts';
import { isForeign } from '../units/unit-files.ts';
import { systemctl, type UnitState, unitState } from './ask.ts';
import { unitsToStop } from './socket.ts';
import { startUnit, withMainProcess } from './start.ts';
import { newsFile, systemdUnit, unitPath } from './unit.ts';
import { environmentText, serviceUnit } from './words.ts';

/** Leaves the process to systemd, which starts it again when it dies and after a boot. */
export const systemdManager: ServiceManager = {
  unusable,
  condition,
  async start(launch, abort) {
    const adopted = await settleEarlier(launch, systemdManager, abort);
    return adopted === null ? startUnit(launch, abort) : withMainProcess(adopted, await unitState(serviceOf(adopted)));
  },
  stop: (record, _abort, tell) => stop(record, tell),
  reload,
};

async function unusable(): Promise<string | null> {
  if (!isBooted()) return 'systemd is not PID 1 here';
  const said = await systemctl(['show', '--property=Version'], { timeoutMs: 10_000 });
  return said.ok ? null : `systemd does not answer: ${said.text}`;
}

/** What sd_booted(3) looks at. */
function isBooted(): boolean {
  return fs.existsSync('/run/systemd/system');
}

async function condition(record: RunRecord): Promise<Condition> {
  const absent = { state: isStarted(record) ? 'dead' : 'stopped', pid: null, supervised: true } as const;
  if (!isBooted()) return { ...absent, supervised: false, because: 'systemd is not PID 1 here' };
  const state = await unitState(serviceOf(record));
  if (isForeign(systemdUnit(record.launch))) {
    const because = `${unitPath(record.launch.unit)} was not made by pkg for this root`;
    return { state: 'foreign', pid: state.mainPid, supervised: false, because };
  }
  if (isUp(state)) return { state: 'running', pid: state.mainPid, supervised: true };
  if (absent.state === 'stopped') return absent;
  const dead = { ...absent, because: howItEnded(record, state) };
  return state.isQueued ? { ...dead, because: 'systemd is about to start it', isComing: true } : dead;
}

function isUp({ active, mainPid }: UnitState): boolean {
  return (active === 'active' || active === 'reloading') && mainPid !== null;
}

function howItEnded({ launch }: RunRecord, { load, sub, result, exitStatus, restarts }: UnitState): string {
  if (load === 'not-found') return `${unitPath(launch.unit)} is not there any more`;
  if (sub === 'auto-restart') return `systemd starts it again and again (${restarts + 1}), it ended with ${exitStatus}`;
  if (result !== 'success') return `systemd says '${result}', it ended with ${exitStatus}`;
  if (launch.service.forks === true) return 'it ended by itself';
  return 'it ended by itself; if it went into the background, it must declare `forks`';
}

async function stop(record: RunRecord, tell?: Remark): Promise<RunRecord> {
  const { launch } = record;
  const title = serviceTitle(launch.name);
  if (!isBooted()) return noteStopped(record);
  if (isForeign(systemdUnit(launch))) throw cannot(record, 'stop', `${unitPath(launch.unit)} was not made by pkg`);
  const before = await unitState(serviceOf(record));
  if (before.load !== 'not-found' && !endedWithItsBoot(record, before)) {
    const { timeout = '30s' } = launch.service.stop ?? {};
    // Its stop command has the same time once more, and what then remains is killed.
    const said = await systemctl(['stop', ...unitsToStop(launch)], { timeoutMs: 2 * parseDuration(timeout) + 15_000 });
    const after = await unitState(serviceOf(record));
    if (!said.ok || after.mainPid !== null) throw cannot(record, 'stop', said.text || 'systemd let it run');
    if (after.result === 'timeout') tell?.(`${title} did not stop within ${timeout} and was killed`);
    // Ended by a signal it counts as failed, which a stop that was asked for is not.
    await systemctl(['reset-failed', serviceOf(record)]);
  }
  return noteStopped(record);
}

/** What systemd has not started since is left alone: a stop would take it out of the queue behind the recovery. */
function endedWithItsBoot({ bootId: then }: RunRecord, { active }: UnitState): boolean {
  return active === 'inactive' && then !== null && then !== bootId();
}

async function reload(
  record: RunRecord,
  abort: AbortSignal,
  news: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { reload: declared } = record.launch.service;
  if (declared === undefined) throw cannot(record, 'reload', 'it declares no `reload`');
  const timeoutMs = parseDuration(declared.timeout ?? '30s');
  const told = newsFile(record.launch);
  if (declared.command !== undefined) writeDurably(told, environmentText(news), 0o600);
  try {
    const said = await systemctl(['reload', serviceOf(record)], { timeoutMs, abort });
    if (said.ok) return;
    throw cannot(record, 'reload', said.cut === 'timeout' ? `it took longer than ${timeoutMs} ms` : said.text);
  } finally {
    // The next start is told nothing.
    fs.rmSync(told, { force: true });
  }
}

function serviceOf({ launch }: RunRecord): string {
  return serviceUnit(launch.unit);
}

function cannot({ launch }: RunRecord, verb: string, reason: string): PkgError {
  const title = serviceTitle(launch.name);
  return new PkgError('service-failed', `cannot ${verb} ${title}: ${reason}`, {
    hint: `systemctl status ${launch.unit}`,
    details: { log: launch.log },
  });
}
