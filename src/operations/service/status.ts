import { PkgError } from '../../error.ts';
import type { ServiceName, ServiceStatus } from '../../model/index.ts';
import { type Layout, layoutOf, openRoot } from '../../store/index.ts';
import { bootClock, processStart } from '../../system/index.ts';
import { readDrain } from '../../traffic/index.ts';
import { readCurrent } from '../facts/read-current.ts';
import { type LiveService, liveServices } from './live.ts';
import { notLoaded } from './reloading/not-loaded.ts';
import { isWatched } from './watching/watcher.ts';
import { servicesNamed } from './words.ts';

/** The state of the services that the words name, or of all; never waits for the lock. */
export async function serviceStatus(root: string, words: readonly string[]): Promise<readonly ServiceStatus[]> {
  const layout = openRoot(root);
  const services = layout === null ? [] : await liveServices(layout, readCurrent(layout));
  const place = { root, code: 'unknown-name' } as const;
  const named = new Set(words.flatMap((word) => servicesNamed(word, services, place)));
  return statusesOf(layoutOf(root), words.length === 0 ? services : services.filter((service) => named.has(service)));
}

/** The services of a generation; none if it is too damaged to be read. */
export async function readableServices(...of: Parameters<typeof liveServices>): Promise<readonly ServiceStatus[]> {
  try {
    return statusesOf(of[0], await liveServices(...of));
  } catch (error) {
    if (error instanceof PkgError && error.code === 'damaged') return [];
    throw error;
  }
}

/** Each service in the words of the JSON contract. */
export function statusesOf(layout: Layout, services: readonly LiveService[]): readonly ServiceStatus[] {
  const watched = services.length > 0 && isWatched(layout);
  return services.map((service) => {
    const { name, at, record, condition } = service;
    const { state, pid } = condition;
    const because = condition.because ?? unproven(service);
    return {
      bundle: name.bundle,
      name: name.service,
      state,
      pid,
      runningVersion: state === 'running' ? (record?.version ?? null) : null,
      installedVersion: at.bundle.version,
      enabled: record?.enabled ?? false,
      supervised: condition.supervised || watched,
      port: record?.port ?? null,
      since: state === 'running' ? sinceOf(service) : null,
      notLoaded: notLoaded(service, layout),
      ...drainOf(name, layout),
      ...(because === undefined ? {} : { because }),
    };
  });
}

function drainOf(name: ServiceName, layout: Layout): Pick<ServiceStatus, 'drained'> {
  const mark = readDrain(layout.drainMark(name));
  return mark === null ? {} : { drained: { since: mark.since, until: mark.until } };
}

/** A reload was cut short, or the service was not healthy after it. */
function unproven({ record, condition }: LiveService): string | undefined {
  const isOpen = condition.state === 'running' && record?.launch.loaded?.unprovenCopy !== undefined;
  return isOpen ? 'was told to reload and not seen well since' : undefined;
}

const MS_PER_TICK = 10;

/**
 * In whole seconds: the clock of the kernel and ours are read one after the other. Whoever keeps it may have started it
 * again since it was recorded.
 */
function sinceOf({ record, condition }: LiveService): string | null {
  const startTime = (condition.pid === null ? null : processStart(condition.pid)) ?? record?.startTime ?? null;
  if (startTime === null) return null;
  const began = Date.now() - bootClock() + startTime * MS_PER_TICK;
  return new Date(Math.round(began / 1000) * 1000).toISOString();
}
