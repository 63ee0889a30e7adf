import type { Launch, RunRecord } from '../../model/index.ts';
import { awaitReady, logSize, managerOf, writeRecord } from '../../service/index.ts';
import type { World } from '../world.ts';
import { leadTraffic } from './lead-traffic.ts';
import { withConfig } from './loaded-config.ts';
import type { ServiceWorld } from './service-instance.ts';

/** What a start uses of the world. */
export type StartWorld = ServiceWorld & Pick<World, 'layout'>;

/** Starts a service, waits until it is ready, and leads requests to it; its record then says how long that took. */
export async function startReady(launch: Launch, world: StartWorld): Promise<RunRecord> {
  const record = await startBeside(launch, world);
  await leadTraffic(record, world);
  return record;
}

/** The same beside another instance, to which requests still go. */
export async function startBeside(wanted: Launch, world: StartWorld): Promise<RunRecord> {
  const launch = await withConfig(wanted, world.layout);
  const logFrom = logSize(launch);
  const began = performance.now();
  const started = await managerOf(launch.service.manager ?? 'process').start(launch, world.interruptHooks());
  await untilReady(launch, started, { logFrom, world });
  const record = { ...started, readyAfterMs: Math.round(performance.now() - began) };
  writeRecord(launch.runFile, record);
  return record;
}

type ReadyWish = { readonly logFrom: number; readonly world: ServiceWorld; readonly mayFlicker?: boolean };

/** Waits until a service that runs answers as `launch` declares; every new answer is told. */
export function untilReady(
  launch: Launch,
  record: RunRecord,
  { logFrom, world, mayFlicker = false }: ReadyWish,
): Promise<void> {
  return awaitReady(launch, record, {
    abort: world.interruptHooks(),
    logFrom,
    mayFlicker,
    tell: (message, answered) => world.tell({ event: 'probe', ...launch.name, answered, message }),
  });
}
