import type { ServiceManager } from '../manager.ts';
import { noteStopped, pendingRecord } from '../run-record.ts';
import { conditionOf } from './find-instance.ts';
import { reloadInstance } from './reload-instance.ts';
import { settleEarlier } from './settle-earlier.ts';
import { startInstance } from './start-instance.ts';
import { stopInstance } from './stop-instance.ts';

/** Starts the program itself, as a session of its own, and leaves it to itself: nothing starts it again. */
export const processManager: ServiceManager = {
  unusable: () => Promise.resolve(null),
  condition: (record) => Promise.resolve(conditionOf(record)),
  async start(launch, abort) {
    return (await settleEarlier(launch, processManager, abort)) ?? startInstance(pendingRecord(launch), abort);
  },
  async stop(record, abort, tell) {
    await stopInstance(record, { abort, tell });
    return noteStopped(record);
  },
  reload: reloadInstance,
};
