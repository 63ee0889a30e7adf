import { setTimeout as pause } from 'node:timers/promises';
import { type Launch, type RunRecord, serviceTitle } from '../../model/index.ts';
import { parseDuration } from '../../system/index.ts';
import { openConnections, proxyOf } from '../../traffic/index.ts';
import type { ServiceWorld } from './service-instance.ts';

/** Waits until the connections of an instance that gets no new ones have ended, but no longer than its `drain`. */
export async function drainConnections(record: RunRecord, world: ServiceWorld): Promise<void> {
  // A second signal does not wait for the last request.
  const left = await connectionsLeft(record, world.interruptHooks());
  if (left === 0) return;
  const message = `the old instance of ${serviceTitle(record.launch.name)} is ended with ${inWords(left, record)}`;
  world.tell({ event: 'warning', message });
}

/** `2 connections open after 60s` */
export function inWords(left: number, { launch }: RunRecord): string {
  return `${left} ${left === 1 ? 'connection' : 'connections'} open after ${launch.service.traffic?.drain ?? USUAL}`;
}

/** How many connections are still open when all have ended, or the time for that is over, or nobody waits any more. */
export async function connectionsLeft({ launch, port }: RunRecord, interrupted: AbortSignal): Promise<number> {
  const { traffic } = launch.service;
  if (traffic === undefined || port === null) return 0;
  const deadline = performance.now() + parseDuration(traffic.drain ?? USUAL);
  for (let quiet = 0; quiet < LOOKS && performance.now() < deadline && !interrupted.aborted; ) {
    await pause(100, undefined, { signal: interrupted }).catch(() => undefined);
    // Between two requests of one worker there may be none for a moment.
    quiet = (await busyAt(port, launch)) === 0 ? quiet + 1 : 0;
  }
  return busyAt(port, launch);
}

/** Without those that the proxy only keeps; one that does not answer keeps none. */
async function busyAt(port: number, { name, service }: Launch): Promise<number> {
  const open = openConnections(port);
  if (open === 0) return 0;
  const idle = await proxyOf(name, service)
    ?.idleAt(port)
    .catch(() => 0);
  return Math.max(0, open - (idle ?? 0));
}

const USUAL = '60s';

const LOOKS = 3;
