import { PkgError } from '../../error.ts';
import { type Launch, type RunRecord, type Step, sameService, serviceTitle } from '../../model/index.ts';
import { readRecord, removeRecord, writeRecord } from '../../service/index.ts';
import type { Layout } from '../../store/index.ts';
import type { StepHandler } from '../step-handler.ts';
import { launchOf } from './launch-of.ts';
import { trafficOf } from './move-traffic.ts';
import { isRunning, stopUnless } from './service-instance.ts';
import { inWords, rememberService } from './service-memory.ts';
import { startBeside, startReady } from './start-ready.ts';
import { endStarted } from './start-service.ts';

type ReplaceStep = Step & { readonly kind: 'replace-service' };

/** The new one beside the old on the other port, ready, then traffic. The old one runs on until `retire-service`. */
export const replaceService: StepHandler<'replace-service'> = {
  repeatable: true,

  async note(step, world) {
    return inWords(await rememberService(step, world));
  },

  async do(step, world) {
    const files = filesOf(step, world.layout);
    if (readRecord(files.going) !== null) return;
    const old = readRecord(files.before);
    if (old === null || !(await isRunning(old))) {
      await startReady(await launchOf(world.layout, step.service, { ...world, recorded: old }), world);
      return;
    }
    const launch = await launchOf(world.layout, step.service, { ...world, recorded: old, beside: old });
    refuseSingle(launch);
    const traffic = trafficOf(launch, world);
    await traffic.refuseUnmovable();
    const coming = await startBeside({ ...launch, runFile: files.coming }, world);
    writeRecord(files.going, movedTo(files.going, old));
    await traffic.move(coming);
    writeRecord(files.after, movedTo(files.after, { ...coming, enabled: old.enabled }));
    removeRecord(files.coming);
    if (!sameService(step.old.name, step.service.name)) removeRecord(files.before);
  },

  async undo(step, world) {
    const files = filesOf(step, world.layout);
    const going = readRecord(files.going);
    if (going !== null) {
      const coming = readRecord(files.coming) ?? readRecord(files.after);
      if (coming !== null) await trafficOf(coming.launch, world).putBack(going);
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

/** Where the records lie: `before` and `after` are the same file, unless the bundle was renamed. */
function filesOf({ old, service }: ReplaceStep, layout: Layout) {
  return {
    before: layout.runRecord(old.name),
    after: layout.runRecord(service.name),
    coming: layout.besideRecord(service.name, 'new'),
    going: layout.besideRecord(old.name, 'old'),
  };
}

function movedTo(runFile: string, record: RunRecord): RunRecord {
  return { ...record, launch: { ...record.launch, runFile } };
}

/** A unit of systemd or runit is one process; two of them side by side have to be ours. */
function refuseSingle({ name, service: { manager = 'process' } }: Launch): void {
  if (manager === 'process') return;
  throw new PkgError('service-failed', `cannot replace ${serviceTitle(name)}: '${manager}' keeps one instance of it`, {
    hint: 'restart it instead, or let the manager `process` keep it',
  });
}
