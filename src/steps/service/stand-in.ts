import type { Launch, RunRecord, ServiceAt, ServiceName } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';
import { readRecord, removeRecord } from '../../service/index.ts';
import type { Layout } from '../../store/index.ts';
import type { StepHandler } from '../step-handler.ts';
import type { World } from '../world.ts';
import { commandLine, launchOf } from './launch-of.ts';
import { type ServiceWorld, stopRecorded } from './service-instance.ts';
import { startReady } from './start-ready.ts';

/** A page at the port of a service that is down. No change fails for want of it, and on the way back it ends first. */
export const standIn: StepHandler<'stand-in'> = {
  repeatable: true,

  async note() {
    return null;
  },

  async do(step, world) {
    if (step.on) return startOrWarn(step.service, world);
    await endStandIn(step.service.name, world.layout, world);
  },

  async undo(step, world) {
    if (step.on) await endStandIn(step.service.name, world.layout, world);
  },
};

/** What starting it uses of the world. */
export type StandInWorld = Pick<World, 'layout' | 'home' | 'node' | 'program'> & ServiceWorld;

/** Starts what a service declares for its maintenance, at the port that it had, and answers when it listens. */
export async function startStandIn(at: ServiceAt, world: StandInWorld): Promise<RunRecord> {
  const { layout, home, node } = world;
  const recorded = readRecord(layout.runRecord(at.name));
  return startReady(standInOf(await launchOf(layout, at, { recorded, home, node }), world), world);
}

/** Until it is gone and the port free; answers whether there was one. */
export async function endStandIn(name: ServiceName, layout: Layout, world: ServiceWorld): Promise<boolean> {
  const runFile = layout.besideRecord(name, 'maintenance');
  const record = readRecord(runFile);
  if (record === null) return false;
  await stopRecorded(record, world);
  removeRecord(runFile);
  return true;
}

async function startOrWarn(at: ServiceAt, world: World): Promise<void> {
  try {
    await startStandIn(at, world);
  } catch (error) {
    const message = `nobody stands in for ${serviceTitle(at.name)}: ${(error as Error).message}`;
    world.tell({ event: 'warning', message });
    await endStandIn(at.name, world.layout, world);
  }
}

/** Supervised by nobody, asked for nothing but its port, and with a record of its own. */
function standInOf(launch: Launch, { layout, node, program }: StandInWorld): Launch {
  const { name, port, service } = launch;
  const { maintenance: way, control: _, traffic: __, user, forks, pidFile, ...rest } = service;
  const isPage = way?.page !== undefined;
  const own = isPage ? {} : { ...(user && { user }), ...(forks && { forks }), ...(pidFile && { pidFile }) };
  const page = ['maintenance', 'serve', serviceTitle(name), '--root', layout.root];
  const argv = isPage
    ? [node, program, ...page, '--port', String(port ?? ''), '--address', way.page ?? '*']
    : commandLine({ start: way?.start ?? [] }, launch.bundleDir, launch.env);
  return {
    ...launch,
    service: { ...rest, ...own, manager: 'process', ...(port === null ? {} : { ready: { tcp: port } }) },
    argv,
    runFile: layout.besideRecord(name, 'maintenance'),
  };
}
