import type { RunRecord } from '../../model/index.ts';
import { logSize, managerOf, writeRecord } from '../../service/index.ts';
import type { StepHandler } from '../step-handler.ts';
import { asVariables, configNews } from './config-news.ts';
import { launchOf } from './launch-of.ts';
import { withConfig } from './loaded-config.ts';
import { runningRecord } from './service-instance.ts';
import { inWords, markTold, recallService, rememberService } from './service-memory.ts';
import { untilReady } from './start-ready.ts';
import { warnIfUncritical } from './warn-if-uncritical.ts';

/** Tells the running service to read its files again. That it did is proven by a fresh answer, not by an exit status. */
export const reloadService: StepHandler<'reload-service'> = {
  repeatable: true,

  async note(step, world) {
    return inWords(await rememberService(step, world));
  },

  async do(step, world) {
    const record = await runningRecord(step.service, world, 'reload');
    const declared = await launchOf(world.layout, step.service, { ...world, recorded: record });
    const launch = await withConfig(declared, world.layout);
    // How it is told is said by the newer declaration, which is what it reads.
    const told: RunRecord = { ...record, version: launch.version, generation: launch.generation, launch };
    const news = await configNews(recallService(step, world)?.record ?? record, step.service, world.layout);
    const logFrom = logSize(launch);
    markTold(step, step, world);
    await warnIfUncritical(launch, world, async () => {
      await managerOf(record.manager).reload(told, world.interruptHooks(), asVariables(news));
      await untilReady(launch, told, { logFrom, world });
      writeRecord(launch.runFile, told);
    });
  },

  async undo() {
    // The guard tells it once more, when `current` names the old generation again.
  },
};
