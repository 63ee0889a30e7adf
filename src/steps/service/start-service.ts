import type { Launch, RunRecord } from '../../model/index.ts';
import { readRecord, removeRecord } from '../../service/index.ts';
import type { StepHandler } from '../step-handler.ts';
import type { World } from '../world.ts';
import { inheritRecord } from './inherit-record.ts';
import { launchOf } from './launch-of.ts';
import { isRunning, putRecordBack, stopRecorded, stopUnless } from './service-instance.ts';
import { inWords, recallService, rememberService, type Touched } from './service-memory.ts';
import { startReady } from './start-ready.ts';
import { warnIfUncritical } from './warn-if-uncritical.ts';

/** Up to its `ready`; one that runs in this version is left alone. */
export const startService: StepHandler<'start-service'> = {
  repeatable: true,

  async note(step, world) {
    return inWords(await rememberService(step, world));
  },

  async do(step, world) {
    const { layout } = world;
    const former = step.old === undefined ? null : recallService({ ...step, service: step.old }, world);
    const before = former ?? recallService(step, world);
    // What was stopped for this change goes on as it was started; what was stopped long ago begins anew.
    const recorded = before?.running === true ? before.record : null;
    const launch = await launchOf(layout, step.service, { ...world, recorded });
    const now = readRecord(launch.runFile);
    if (now !== null && (await isRunning(now))) {
      if (isOfVersion(now, launch)) return;
      await stopRecorded(now, world);
    }
    await warnIfUncritical(launch, world, async () => {
      if (former?.record) await inheritRecord(former.record, launch);
      await startReady(launch, world);
    });
    // Its guard has the record.
    if (step.old !== undefined) removeRecord(layout.runRecord(step.old.name));
  },

  undo: endStarted,
};

/** Stops what runs unless it ran before the change; the guard, where there is one, does the rest. */
export async function endStarted(touched: Touched, world: World): Promise<void> {
  const before = recallService(touched, world);
  if (before === null) return;
  const runFile = world.layout.runRecord(touched.service.name);
  await stopUnless(before.running ? before.record : null, runFile, world);
  if (!before.running) putRecordBack(before.record, runFile);
}

function isOfVersion({ version, bundleDir }: RunRecord, launch: Launch): boolean {
  return version === launch.version && bundleDir === launch.bundleDir;
}
