import { setTimeout as pause } from 'node:timers/promises';
import { type RunRecord, serviceTitle } from '../../model/index.ts';
import { parseDuration } from '../../system/index.ts';
import { openConnections } from '../../traffic/index.ts';
import type { ServiceWorld } from './service-instance.ts';

/** Waits until the connections of an instance that gets no new ones have ended, but no longer than its `drain`. */
export async function drainConnections({ launch, port }: RunRecord, world: ServiceWorld): Promise<void> {
  const { traffic } = launch.service;
  if (traffic === undefined || port === null) return;
  const { drain = '60s' } = traffic;
  const deadline = performance.now() + parseDuration(drain);
  // A second signal does not wait for the last request.
  const interrupted = world.interruptHooks();
  for (let quiet = 0; quiet < LOOKS && performance.now() < deadline && !interrupted.aborted; ) {
    await pause(100, undefined, { signal: interrupted }).catch(() => undefined);
    // Between two requests of one worker there may be none for a moment.
    quiet = openConnections(port) === 0 ? quiet + 1 : 0;
  }
  const left = openConnections(port);
  if (left === 0) return;
  const what = `${left} ${left === 1 ? 'connection' : 'connections'}`;
  world.tell({
    event: 'warning',
    message: `the old instance of ${serviceTitle(launch.name)} is ended with ${what} open after ${drain}`,
  });
}

const LOOKS = 3;
