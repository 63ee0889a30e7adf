import { setTimeout as pause } from 'node:timers/promises';
import { PkgError } from '../../error.ts';
import type { RunRecord } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';
import { isAlive, type ProcessIdentity, parseDuration } from '../../system/index.ts';
import type { Remark } from '../manager.ts';
import { type Family, familyOf } from './family.ts';
import { runServiceCommand } from './run-service-command.ts';
import { signalProcess } from './signal-process.ts';

export type StopOptions = {
  readonly abort: AbortSignal;
  readonly tell?: Remark | undefined;
  /** Asks the service whether it is up, where it can be asked. */
  readonly isUp?: () => Promise<boolean>;
};

/**
 * Ends the instance and everything it started: returns when all of it is gone, and with it its hold on the port.
 * An abort does not cut the waiting short, which is bounded anyway: half stopped is no state to go on from.
 */
export async function stopInstance(record: RunRecord, options: StopOptions): Promise<void> {
  const { timeout = '30s' } = record.launch.service.stop ?? {};
  const deadline = performance.now() + parseDuration(timeout);
  const family = familyOf(record);
  const isThere = async () => family.living().length > 0 || ((await options.isUp?.()) ?? false);
  if (!(await isThere())) return;
  const asked = await askToStop(record, family, options);
  await endsAtOnce(asked);
  if (await isGoneBy(deadline, isThere, () => askTheOthers(record, family, asked))) return;
  options.tell?.(`${serviceTitle(record.launch.name)} did not stop within ${timeout} and was killed`);
  if (await isGoneBy(performance.now() + KILLED_MS, isThere, () => kill(family))) return;
  throw stillThere(record, family);
}

const KILLED_MS = 5_000;

/** Who was asked already; the others are asked when their turn comes. */
type Asked = Map<number, ProcessIdentity>;

/** By its command, which is not believed, or by a signal to its main process. */
async function askToStop(record: RunRecord, family: Family, options: StopOptions): Promise<Asked> {
  const main = family.main();
  const isAsked = await askByCommand(record, options);
  if (main === null) return new Map();
  if (!isAsked) signalProcess(main, record.launch.service.stop?.signal ?? 'SIGTERM');
  return new Map([[main.pid, main]]);
}

async function askByCommand(record: RunRecord, { abort, tell }: StopOptions): Promise<boolean> {
  const { command, timeout = '30s' } = record.launch.service.stop ?? {};
  if (command === undefined) return false;
  const failure = await runServiceCommand(record, { title: 'stop command', command, timeout, abort });
  if (failure !== null) tell?.(failure.message);
  return failure === null;
}

/** A look at everybody takes longer than many programs need to end; whoever waits for the next one should not. */
async function endsAtOnce(asked: Asked): Promise<void> {
  for (const wait of [1, 2, 4, 8]) {
    if (![...asked.values()].some(isAlive)) return;
    await pause(wait);
  }
}

/** A main process that took over meanwhile, and, when there is none any more, those it left behind. */
function askTheOthers(record: RunRecord, family: Family, asked: Asked): void {
  const main = family.main();
  const next = main === null ? family.living() : [main];
  for (const one of next) {
    if (asked.has(one.pid)) continue;
    asked.set(one.pid, one);
    signalProcess(one, main === null ? 'SIGTERM' : (record.launch.service.stop?.signal ?? 'SIGTERM'));
  }
}

function kill(family: Family): void {
  for (const one of family.living()) signalProcess(one, 'SIGKILL');
}

async function isGoneBy(deadline: number, isThere: () => Promise<boolean>, urge: () => void): Promise<boolean> {
  for (let wait = 10; await isThere(); wait = Math.min(wait * 2, 250)) {
    if (performance.now() > deadline) return false;
    urge();
    await pause(wait);
  }
  return true;
}

function stillThere(record: RunRecord, family: Family): PkgError {
  const pids = family.living().map(({ pid }) => `pid ${pid}`);
  const who = pids.length === 0 ? 'its status command says that it runs' : `${pids.join(', ')} still runs`;
  return new PkgError('service-failed', `cannot stop ${serviceTitle(record.launch.name)}: ${who}`, {
    details: { log: record.launch.log },
  });
}
