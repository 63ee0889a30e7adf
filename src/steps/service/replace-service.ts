import { PkgError } from '../../error.ts';
import { type Launch, type RunRecord, type Step, sameService, serviceTitle } from '../../model/index.ts';
import { readRecord, removeRecord, writeRecord } from '../../service/index.ts';
import { readPreview, writeMark } from '../../traffic/index.ts';
import type { StepHandler } from '../step-handler.ts';
import type { World } from '../world.ts';
import { launchOf } from './launch-of.ts';
import { isRunning, stopUnless } from './service-instance.ts';
import { inWords, rememberService } from './service-memory.ts';
import { movedTo, recordFiles, refuseSingle } from './side-by-side.ts';
import { startBeside, startReady } from './start-ready.ts';
import { endStarted } from './start-service.ts';
import { trafficOf } from './traffic-of.ts';

/** The new one beside the old on the other port, ready. Requests follow by `move-traffic`; the old one runs on. */
export const replaceService: StepHandler<'replace-service'> = {
  repeatable: true,

  async note(step, world) {
    refuseUnended(step, world);
    return inWords(await rememberService(step, world));
  },

  async do(step, world) {
    const files = recordFiles(step, world.layout);
    if (readRecord(files.going) !== null) return;
    const old = readRecord(files.before);
    if (old === null || !(await isRunning(old))) {
      await startReady(await launchOf(world.layout, step.service, { ...world, recorded: old }), world);
      return;
    }
    const launch = await launchOf(world.layout, step.service, { ...world, recorded: old, beside: old });
    refuseSingle(launch);
    await trafficOf(launch, world).refuseUnmovable('all');
    const coming = await shownOrStarted({ ...launch, runFile: files.coming }, world);
    writeRecord(files.going, movedTo(files.going, old));
    writeRecord(files.after, movedTo(files.after, { ...coming, enabled: old.enabled }));
    removeRecord(files.coming);
    if (!sameService(step.old.name, step.service.name)) removeRecord(files.before);
  },

  async undo(step, world) {
    const files = recordFiles(step, world.layout);
    const going = readRecord(files.going);
    const mark = world.layout.previewMark(step.service.name);
    const shown = readPreview(mark);
    // It was not taken over yet: the undo of the preview ends it, once nobody is sent there.
    if (going === null && shown !== null) return;
    if (going !== null) {
      const coming = readRecord(files.coming) ?? readRecord(files.after);
      writeMark(mark, null);
      if (coming !== null) await trafficOf(coming.launch, world).putBack(going, shown?.clients);
    }
    await stopUnless(going, files.coming, world);
    removeRecord(files.coming);
    await endStarted(step, world);
    if (going === null) return;
    await stopUnless(going, files.after, world);
    if (!sameService(step.old.name, step.service.name)) removeRecord(files.after);
    writeRecord(files.before, movedTo(files.before, going));
    removeRecord(files.going);
  },
};

/** An instance that an earlier change replaced and could not end: it would be taken for the one that serves now. */
function refuseUnended(step: Step & { readonly kind: 'replace-service' }, { layout }: World): void {
  const files = recordFiles(step, layout);
  const isOwn = readRecord(files.after)?.generation === step.service.generation;
  if (isOwn || readRecord(files.going) === null) return;
  const title = serviceTitle(step.service.name);
  throw new PkgError('service-failed', `cannot replace ${title}: the instance that was replaced last has not ended`, {
    hint: 'pkg recover ends it, or says why it cannot',
  });
}

/** What some clients have seen already is what all of them get. */
async function shownOrStarted(launch: Launch, world: World): Promise<RunRecord> {
  const shown = readRecord(launch.runFile);
  const isShown = shown?.generation === launch.generation && shown.bundleDir === launch.bundleDir;
  return isShown && (await isRunning(shown)) ? shown : startBeside(launch, world);
}
