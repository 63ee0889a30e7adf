import { setTimeout as pause } from 'node:timers/promises';
import type { RunRecord } from '../model/index.ts';
import { readRecord, removeRecord } from '../service/index.ts';
import { parseDuration } from '../system/index.ts';
import { isRunning, type ServiceWorld, stopRecorded } from './service-instance.ts';
import type { StepHandler } from './step-handler.ts';

/** After COMMIT: the replaced instance finishes what it has begun, then it ends. */
export const retireService: StepHandler<'retire-service'> = {
  repeatable: true,

  async do(step, world) {
    const runFile = world.layout.besideRecord(step.service.name, 'old');
    const record = readRecord(runFile);
    if (record === null) return;
    if (await isRunning(record)) await drain(record, world);
    await stopRecorded(record, world);
    removeRecord(runFile);
  },

  async undo() {
    // Only ever cleaning: it runs after COMMIT, where nothing is undone.
  },
};

async function drain({ launch }: RunRecord, world: ServiceWorld): Promise<void> {
  const ms = parseDuration(launch.service.traffic?.drain ?? '0s');
  // A second signal does not wait for the last request.
  await pause(ms, undefined, { signal: world.interruptHooks() }).catch(() => undefined);
}
