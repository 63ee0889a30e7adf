import { isDeepStrictEqual } from 'node:util';
import { type Launch, type RunRecord, undoNames } from '../../model/index.ts';
import { logSize, managerOf, readRecord } from '../../service/index.ts';
import { bootId, identify, type ProcessIdentity } from '../../system/index.ts';
import { isGivenUp } from '../is-given-up.ts';
import type { StepHandler } from '../step-handler.ts';
import type { World } from '../world.ts';
import { asVariables, configNewsBack } from './config-news.ts';
import { tellBack } from './control-service.ts';
import { isRunning, putRecordBack, stopRecorded, stopUnless } from './service-instance.ts';
import { inWords, recallService, rememberService, type ServiceMemory, type Touched, toldBy } from './service-memory.ts';
import { startReady, untilReady } from './start-ready.ts';
import { warnIfUncritical } from './warn-if-uncritical.ts';

/**
 * Before anything touches a service: what runs is noted. Undo makes exactly this run again; it comes after the undo of
 * the switch, so that whatever is started or told to reload finds the old generation behind `current`.
 */
export const guardService: StepHandler<'guard-service'> = {
  repeatable: true,

  async note(step, world) {
    return inWords(await rememberService(step, world));
  },

  async do() {
    // To note it was all there is to do.
  },

  async undo(step, world) {
    const before = recallService(step, world);
    if (before === null) return;
    // As if it had been down before: what is new goes, and nothing is started.
    const isLeftDown = before.running && undoNames(step).some((name) => isGivenUp(name, world));
    await restore(isLeftDown ? { ...before, running: false } : before, step, world);
  },
};

async function restore(before: ServiceMemory, step: Touched, world: World): Promise<void> {
  const { record, running } = before;
  const runFile = world.layout.runRecord(step.service.name);
  if (record === null || !running) {
    await stopUnless(null, runFile, world);
    putRecordBack(record, runFile);
  } else if (await runsStill(record, before.process ?? null)) {
    await stopUnless(record, runFile, world);
    await tellAgain(record, step, world);
    putRecordBack(record, runFile);
  } else if (isOfEarlierBoot(before)) {
    await leaveToTheBoot(record, runFile, world);
  } else {
    await warnIfUncritical(record.launch, world, () => startAgain(record, runFile, world));
  }
}

/** Whoever keeps it may have started it again meanwhile, and then as what the change made of it. */
async function runsStill(record: RunRecord, before: ProcessIdentity | null): Promise<boolean> {
  const { state, pid } = await managerOf(record.manager).condition(record);
  if (state !== 'running') return false;
  return !isKept(record) || before === null || pid === null || isDeepStrictEqual(identify(pid), before);
}

/** What is started by us carries a number of its own, by which it is found under any pid. */
function isKept({ instance }: RunRecord): boolean {
  return instance === null;
}

/** A memory of an earlier pkg does not say when it was made. */
function isOfEarlierBoot({ record, bootId: then = record?.bootId ?? undefined }: ServiceMemory): boolean {
  return then !== undefined && then !== bootId();
}

/**
 * What ran before a boot comes up like every service after one, if it is enabled: when all is undone, and with what it
 * needs. What came up with the boot did so as what the change had made of it.
 */
async function leaveToTheBoot(record: RunRecord, runFile: string, world: World): Promise<void> {
  const now = readRecord(runFile);
  if (now !== null && (await isRunning(now))) await stopRecorded(now, world);
  putRecordBack(record, runFile);
}

/** It was made to read the files of the new generation; now it reads the old ones again. */
async function tellAgain(record: RunRecord, step: Touched, world: World): Promise<void> {
  const told = toldBy(step, world);
  if (told === null) return;
  if (told.kind === 'control-service') return tellBack(told, world, step.service);
  const logFrom = logSize(record.launch);
  const news = await configNewsBack(record, told.service, world.layout);
  await managerOf(record.manager).reload(record, world.interruptHooks(), asVariables(news));
  await untilReady(record.launch, record, { logFrom, world });
}

/** An undo that was cut short may have started it already: then it is adopted. */
async function startAgain(record: RunRecord, runFile: string, world: World): Promise<void> {
  const now = readRecord(runFile);
  if (now !== null && !(isSame(now.launch, record.launch) && (await runsStill(now, processOf(now))))) {
    await stopRecorded(now, world);
  }
  const started = await startReady(record.launch, world);
  putRecordBack({ ...started, enabled: record.enabled }, runFile);
}

function processOf({ pid, startTime, bootId: boot }: RunRecord): ProcessIdentity | null {
  return pid === null || startTime === null || boot === null ? null : { pid, startTime, bootId: boot };
}

/** What was edited since it was started makes it no other instance. */
function isSame(one: Launch, other: Launch): boolean {
  const bare = ({ loaded: _files, ...launch }: Launch) => launch;
  return isDeepStrictEqual(bare(one), bare(other));
}
