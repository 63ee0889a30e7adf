import type { Launch, RunRecord } from '../../../model/index.ts';
import { serviceTitle } from '../../../model/index.ts';
import { logSize, managerOf, readRecord, writeRecord } from '../../../service/index.ts';
import {
  askService,
  asVariables,
  type ConfigNews,
  type ControlStep,
  launchOf,
  withConfig,
} from '../../../steps/index.ts';
import { proveReady } from '../bring-up.ts';
import type { Place } from '../change.ts';
import type { LiveService } from '../live.ts';
import { outsideWorld } from './outside-world.ts';

/**
 * Makes a running service read its files again, and records what it has read when it is healthy. Until then its
 * record says that this is unknown, even if we are killed in between.
 */
export async function tellAndProve(service: LiveService, news: ConfigNews, place: Place): Promise<RunRecord> {
  const { layout, session } = place;
  const before = readRecord(layout.runRecord(service.name)) ?? service.record;
  if (before === null) throw new Error(`${serviceTitle(service.name)} has no record`);
  const launch = await withConfig(await launchToTell(service, before, place), layout);
  const logFrom = logSize(launch);
  writeRecord(launch.runFile, unproven(before, launch.loaded?.copy));
  await tell(service, { ...before, launch }, { news, place });
  await proveReady(settling(launch), before, logFrom, session);
  const now = readRecord(launch.runFile) ?? before;
  const after = { ...now, version: launch.version, generation: launch.generation, launch };
  writeRecord(launch.runFile, after);
  // One that has run itself again has another than it was started with.
  const { pid } = await managerOf(after.manager).condition(after);
  return { ...after, pid };
}

/** Through `current` it reads the installed version; from its own folder it stays what it is. */
function launchToTell({ at, declared }: LiveService, before: RunRecord, { layout, session }: Place): Promise<Launch> {
  const { home, node } = session;
  if (declared.path === 'current') return launchOf(layout, at, { home, node, recorded: before });
  return Promise.resolve(before.launch);
}

function unproven(record: RunRecord, unprovenCopy: string | undefined): RunRecord {
  const { loaded } = record.launch;
  if (loaded === undefined || unprovenCopy === undefined) return record;
  return { ...record, launch: { ...record.launch, loaded: { ...loaded, unprovenCopy } } };
}

/** A signal takes a moment to arrive: an answer right after it may still be an old one. */
function settling(launch: Launch): Launch {
  const { reload, ready } = launch.service;
  if (reload?.signal === undefined || ready === undefined || ready.soak !== undefined) return launch;
  return { ...launch, service: { ...launch.service, ready: { ...ready, soak: '300ms' } } };
}

type Telling = { readonly news: ConfigNews; readonly place: Place };

/** By its `reload`, or, without one, by its control program. */
async function tell(service: LiveService, record: RunRecord, { news, place }: Telling): Promise<void> {
  const { layout, session } = place;
  if (service.declared.reload === undefined) {
    const world = outsideWorld(service.name.bundle, layout, session);
    await askService(configStep(service), record, { world, news });
  } else {
    await managerOf(record.manager).reload(record, session.stopWaiting, asVariables(news));
  }
}

function configStep({ name, at }: LiveService): ControlStep {
  const { version } = at.bundle;
  return {
    kind: 'control-service',
    phase: 'apply',
    service: at,
    program: at.bundle,
    other: at.bundle,
    verb: 'config',
    direction: 'up',
    fromVersion: version,
    toVersion: version,
    extra: null,
    timeout: '30s',
    undoVerb: null,
    irreversible: false,
    summary: `tell ${serviceTitle(name)} its configuration`,
    undo: 'it is told the former one again',
  };
}
