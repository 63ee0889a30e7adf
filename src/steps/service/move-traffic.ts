import { readRecord } from '../../service/index.ts';
import { writeMark } from '../../traffic/index.ts';
import type { StepHandler } from '../step-handler.ts';
import { runningRecord } from './service-instance.ts';
import { trafficOf } from './traffic-of.ts';

/** Requests go to the new instance when everything that looks at it has said yes. Undo: to the one that still runs. */
export const moveTraffic: StepHandler<'move-traffic'> = {
  repeatable: true,

  async do(step, world) {
    const record = await runningRecord(step.service, world, 'send requests to');
    // Who saw it before the others is one of them from now on.
    writeMark(world.layout.previewMark(step.service.name), null);
    await trafficOf(record.launch, world).move(record);
  },

  async undo(step, world) {
    const going = readRecord(world.layout.besideRecord(step.old.name, 'old'));
    const record = readRecord(world.layout.runRecord(step.service.name));
    if (going !== null && record !== null) await trafficOf(record.launch, world).putBack(going);
  },
};
