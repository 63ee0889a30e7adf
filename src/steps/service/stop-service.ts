import { readRecord } from '../../service/index.ts';
import type { StepHandler } from '../step-handler.ts';
import { isRunning, stopRecorded } from './service-instance.ts';
import { recallService, rememberService } from './service-memory.ts';
import { startReady } from './start-ready.ts';

/** Until the process is gone and its port free. What ran before the change is brought back by the guard. */
export const stopService: StepHandler<'stop-service'> = {
  repeatable: true,

  async note(step, world) {
    await rememberService(step, world);
    return { stops: await isRunning(readRecord(world.layout.runRecord(step.service.name))) };
  },

  async do(step, world) {
    const record = readRecord(world.layout.runRecord(step.service.name));
    if (record !== null) await stopRecorded(record, world);
  },

  async undo(step, world, note) {
    const didStop = (note as { readonly stops?: boolean } | undefined)?.stops === true;
    const before = recallService(step, world);
    if (!didStop || before === null || before.running) return;
    // It was started only for steps of this change, and to undo those it has to live once more.
    const record = readRecord(world.layout.runRecord(step.service.name));
    if (record !== null && !(await isRunning(record))) await startReady(record.launch, world);
  },
};
