import { setTimeout as pause } from 'node:timers/promises';
import { PkgError } from '../../error.ts';
import type { Launch, RunRecord } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';
import { parseDuration } from '../../system/index.ts';
import type { Condition, ServiceManager } from '../manager.ts';
import { type Answer, probeCommand, probeDeclared } from '../probe/probe-declared.ts';
import { isStarted, noteStopped, pendingRecord, writeRecord } from '../run-record.ts';
import { endInstance } from './end-instance.ts';
import { conditionOf, refreshed } from './find-instance.ts';
import { reloadInstance } from './reload-instance.ts';
import { runServiceCommand } from './run-service-command.ts';
import { settleEarlier } from './settle-earlier.ts';
import { stopInstance } from './stop-instance.ts';

/** Leaves the process to commands of the bundle, and looks for itself whether they did what they say. */
export const commandManager: ServiceManager = {
  unusable: () => Promise.resolve(null),
  condition,
  async start(launch, abort) {
    return (await settleEarlier(launch, commandManager, abort)) ?? startByCommand(launch, abort);
  },
  async stop(record, abort, tell) {
    if (isStarted(record)) {
      const isUp = async () => (await condition(record)).state === 'running';
      await stopInstance(record, { abort, tell, isUp });
    }
    return noteStopped(record);
  },
  reload: reloadInstance,
};

async function condition(record: RunRecord): Promise<Condition> {
  const found = conditionOf(record);
  if (found.state === 'foreign' || found.state === 'stopped') return found;
  // Status commands take a zombie for alive.
  const hasLostItsProcess = found.state === 'dead' && record.pid !== null;
  const answer = hasLostItsProcess ? null : await askWhetherUp(record);
  if (answer === null) return found;
  if (answer.answered) return { ...found, state: 'running' };
  return { ...found, state: 'dead', because: answer.message };
}

const STATUS_MS = 10_000;

/** By its status command, or by its probe where nothing else could tell; null where pid file and port tell enough. */
async function askWhetherUp(record: RunRecord): Promise<Answer | null> {
  const { status, pidFile, ready } = record.launch.service;
  if (status !== undefined) return probeCommand(status, record, STATUS_MS);
  if (pidFile !== undefined || record.port !== null || ready === undefined) return null;
  return probeDeclared(ready, record, 0);
}

async function startByCommand(launch: Launch, abort: AbortSignal): Promise<RunRecord> {
  const { timeout = '30s' } = launch.service.ready ?? {};
  const deadline = performance.now() + parseDuration(timeout);
  const pending = pendingRecord(launch);
  await refuseForeign(pending);
  writeRecord(launch.runFile, pending);
  try {
    const failure = await runServiceCommand(pending, { title: 'start command', command: launch.argv, timeout, abort });
    if (failure !== null) throw failure;
    await seeItRun(pending, deadline);
  } catch (error) {
    await endInstance(pending);
    noteStopped(pending);
    throw error;
  }
  const started = refreshed(pending);
  writeRecord(launch.runFile, started);
  return started;
}

/** Its status command may speak of an instance that somebody else has started. */
async function refuseForeign(pending: RunRecord): Promise<void> {
  const { name, service } = pending.launch;
  if (service.status === undefined) return;
  const { answered } = await probeCommand(service.status, pending, STATUS_MS);
  if (!answered) return;
  const title = serviceTitle(name);
  throw new PkgError('service-failed', `cannot start ${title}: it already runs, and pkg did not start it`, {
    hint: 'stop it the way it was started, then try again',
  });
}

async function seeItRun(pending: RunRecord, deadline: number): Promise<void> {
  for (let wait = 20; ; wait = Math.min(wait * 2, 250)) {
    const { state, because } = await condition(pending);
    if (state === 'running') return;
    if (performance.now() > deadline) {
      const title = serviceTitle(pending.launch.name);
      const what = `the start command of ${title} ended well, but it does not run${because === undefined ? '' : `: ${because}`}`;
      throw new PkgError('service-failed', what, { hint: `pkg logs ${title}`, details: { log: pending.launch.log } });
    }
    await pause(wait);
  }
}
