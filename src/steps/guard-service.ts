import type { RunRecord } from '../model/index.ts';
import { logSize, managerOf } from '../service/index.ts';
import { tellBack } from './control-service.ts';
import { isRunning, putRecordBack, stopUnless } from './service-instance.ts';
import { inWords, recallService, rememberService, toldBy, type Touched } from './service-memory.ts';
import { startReady, untilReady } from './start-ready.ts';
import type { StepHandler } from './step-handler.ts';
import { warnIfUncritical } from './warn-if-uncritical.ts';
import type { World } from './world.ts';

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
    const runFile = world.layout.runRecord(step.service.name);
    await stopUnless(before.running ? before.record : null, runFile, world);
    if (before.record === null || !before.running) putRecordBack(before.record, runFile);
    else await bringBack(before.record, step, world);
  },
};

async function bringBack(record: RunRecord, step: Touched, world: World): Promise<void> {
  const runFile = world.layout.runRecord(step.service.name);
  if (await isRunning(record)) {
    await tellAgain(record, step, world);
    putRecordBack(record, runFile);
    return;
  }
  await warnIfUncritical(record.launch, world, async () => {
    const started = await startReady(record.launch, world);
    putRecordBack({ ...started, enabled: record.enabled }, runFile);
  });
}

/** It was made to read the files of the new generation; now it reads the old ones again. */
async function tellAgain(record: RunRecord, step: Touched, world: World): Promise<void> {
  const told = toldBy(step, world);
  if (told === null) return;
  if (told.kind === 'control-service') return tellBack(told, world);
  const logFrom = logSize(record.launch);
  await managerOf(record.manager).reload(record, world.interruptHooks());
  await untilReady(record.launch, record, { logFrom, world });
}
