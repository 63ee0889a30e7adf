import { type Launch, type RunRecord, type Step, sameService } from '../../model/index.ts';
import { readRecord, removeRecord, takesSocketOver } from '../../service/index.ts';
import type { StepHandler } from '../step-handler.ts';
import type { World } from '../world.ts';
import { inheritRecord } from './inherit-record.ts';
import { launchOf } from './launch-of.ts';
import { withConfig } from './loaded-config.ts';
import { isRunning, stopRecorded } from './service-instance.ts';
import { inWords, rememberService } from './service-memory.ts';
import { startReady } from './start-ready.ts';
import { endStarted } from './start-service.ts';
import { warnIfUncritical } from './warn-if-uncritical.ts';

/** Stop and start back to back. The start options of the instance that runs are used again. */
export const restartService: StepHandler<'restart-service'> = {
  repeatable: true,

  async note(step, world) {
    return inWords(await rememberService(step, world));
  },

  async do(step, world) {
    const former = readRecord(world.layout.runRecord(step.old.name));
    const now = readRecord(world.layout.runRecord(step.service.name));
    // Everything is ready before the stop: until the start only the old process has to end.
    const declared = await launchOf(world.layout, step.service, { ...world, recorded: former ?? now });
    const launch = await withConfig(declared, world.layout);
    if (now !== null && isOfGeneration(now, launch) && (await isRunning(now))) return;
    await warnIfUncritical(launch, world, async () => {
      // Where systemd keeps the socket, its own restart lets connections wait instead of refusing them.
      if (former !== null && !takesSocketOver(former.launch, launch)) await stopRecorded(former, world);
      if (former !== null && !sameService(step.old.name, step.service.name)) await inheritRecord(former, launch);
      await startReady(launch, world);
    });
    forgetFormer(step, world);
  },

  undo: endStarted,
};

function isOfGeneration({ generation, bundleDir }: RunRecord, launch: Launch): boolean {
  return generation === launch.generation && bundleDir === launch.bundleDir;
}

/** The bundle was replaced by one of another name; the guard of the former service has its record. */
function forgetFormer({ old, service }: Step & { readonly kind: 'restart-service' }, { layout }: World): void {
  if (!sameService(old.name, service.name)) removeRecord(layout.runRecord(old.name));
}
