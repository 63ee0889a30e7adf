import type { RunRecord, Step } from '../../model/index.ts';
import { readRecord, removeRecord } from '../../service/index.ts';
import { readPreview, writeMark } from '../../traffic/index.ts';
import type { StepHandler } from '../step-handler.ts';
import type { World } from '../world.ts';
import { drainConnections } from './drain-connections.ts';
import { launchOf } from './launch-of.ts';
import { runningRecord, stopRecorded } from './service-instance.ts';
import { recordFiles, refuseSingle } from './side-by-side.ts';
import { startBeside } from './start-ready.ts';
import { trafficOf } from './traffic-of.ts';

type PreviewStep = Step & { readonly kind: 'preview-service' };

/** The new one beside the old on the other port, ready; its clients see it, and everybody else sees what they saw. */
export const previewService: StepHandler<'preview-service'> = {
  repeatable: true,

  async do(step, world) {
    const files = recordFiles(step, world.layout);
    const old = await runningRecord(step.old, world, 'preview beside');
    const launch = await launchOf(world.layout, step.service, { ...world, recorded: old, beside: old });
    refuseSingle(launch);
    const traffic = trafficOf(launch, world);
    await traffic.refuseUnmovable('some');
    const coming = await startBeside({ ...launch, runFile: files.coming }, world);
    if (coming.port === null) return;
    writeMark(world.layout.previewMark(step.service.name), { port: coming.port, clients: step.clients });
    await traffic.share(old, coming, step.clients);
  },

  /** Published, it was taken over, and nothing is left here to be taken back. */
  async undo(step, world) {
    const mark = world.layout.previewMark(step.service.name);
    const coming = readRecord(recordFiles(step, world.layout).coming);
    const wasShown = readPreview(mark) !== null;
    writeMark(mark, null);
    if (wasShown) await hide(coming, step, world);
    if (coming === null) return;
    await stopRecorded(coming, world);
    removeRecord(coming.launch.runFile);
  },
};

/** Its clients find the old one again, and have the time that everybody has to end what they began. */
async function hide(coming: RunRecord | null, step: PreviewStep, world: World): Promise<void> {
  const old = readRecord(world.layout.runRecord(step.old.name));
  if (old !== null) await trafficOf((coming ?? old).launch, world).putBack(old, step.clients);
  if (coming !== null) await drainConnections(coming, world);
}
