import { PkgError } from '../../error.ts';
import { type Launch, type RunRecord, serviceTitle } from '../../model/index.ts';
import { forbiddenLine, writeRecord } from '../../service/index.ts';
import type { StepHandler } from '../step-handler.ts';
import { launchOf } from './launch-of.ts';
import { runningRecord, sameInstance } from './service-instance.ts';
import { recallService } from './service-memory.ts';
import { untilReady } from './start-ready.ts';
import { warnIfUncritical } from './warn-if-uncritical.ts';

/** After everything: it answers once more, as the new version where it can tell, and its log says nothing bad. */
export const proveService: StepHandler<'prove-service'> = {
  repeatable: true,

  async do(step, world) {
    const { layout } = world;
    const before = recallService(step, world);
    const declared = await launchOf(layout, step.service, world);
    await warnIfUncritical(declared, world, async () => {
      const record = await runningRecord(step.service, world, 'prove');
      const launch = await launchOf(layout, step.service, { ...world, recorded: record });
      // What a process said when it became ready, it said before a change that it lived through.
      const logFrom = sameInstance(record, before?.record ?? null) ? 0 : (before?.logFrom ?? 0);
      await untilReady(launch, record, { logFrom, world });
      refuseForbidden(launch, before?.logFrom ?? 0);
      noteVersion(record, launch);
    });
  },

  async undo() {
    // The guard puts the record back as it was.
  },
};

function refuseForbidden(launch: Launch, logFrom: number): void {
  const line = forbiddenLine(launch, logFrom);
  if (line === null) return;
  throw new PkgError('log-failed', `the log of ${serviceTitle(launch.name)} has a line it must not have: ${line}`, {
    hint: `pkg logs ${serviceTitle(launch.name)}`,
  });
}

/** Changed while it ran: it is the same process, but from now on of another version. */
function noteVersion(record: RunRecord, launch: Launch): void {
  const { version, generation } = launch;
  if (record.version === version && record.generation === generation) return;
  writeRecord(launch.runFile, { ...record, version, generation, launch });
}
