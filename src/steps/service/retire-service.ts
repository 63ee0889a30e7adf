import { readRecord, removeRecord } from '../../service/index.ts';
import type { StepHandler } from '../step-handler.ts';
import { drainConnections } from './drain-connections.ts';
import { isRunning, stopRecorded } from './service-instance.ts';

/** After COMMIT: the replaced instance finishes what it has begun, then it ends. */
export const retireService: StepHandler<'retire-service'> = {
  repeatable: true,

  async do(step, world) {
    const runFile = world.layout.besideRecord(step.service.name, 'old');
    const record = readRecord(runFile);
    if (record === null) return;
    if (await isRunning(record)) await drainConnections(record, world);
    await stopRecorded(record, world);
    removeRecord(runFile);
  },

  async undo() {
    // Only ever cleaning: it runs after COMMIT, where nothing is undone.
  },
};
