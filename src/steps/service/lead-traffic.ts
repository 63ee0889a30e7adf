import { type Launch, type RunRecord, type ServiceName, serviceTitle } from '../../model/index.ts';
import { readRecord } from '../../service/index.ts';
import type { Layout } from '../../store/index.ts';
import { type Proxy, proxyIsDown, proxyOf } from '../../traffic/index.ts';
import type { World } from '../world.ts';
import { aimAt, leadTo } from './traffic-aim.ts';

/**
 * After a start: the proxy sends requests to where the service listens now. One that does not run, or not yet, reads
 * where that is when it starts; so it is no reason to take a start back.
 */
export async function leadTraffic(record: RunRecord, { tell, layout }: Pick<World, 'tell' | 'layout'>): Promise<void> {
  const { launch, port } = record;
  if (port === null) return;
  const proxy = proxyOf(launch.name, launch.service);
  if (proxy === null || proxy.leadsTo(aimAt(port, launch.name, layout))) return;
  try {
    await leadTo({ ...record, port }, proxy, layout);
  } catch (error) {
    const problem = { event: 'warning', message: (error as Error).message } as const;
    tell(proxyIsDown(error) ? comesLater(launch, proxy) : problem);
  }
}

/** Nothing is wrong with a proxy that is installed together with the service, and therefore starts after it. */
function comesLater({ name }: Launch, { file }: Proxy) {
  return {
    event: 'note',
    message: `the proxy of ${serviceTitle(name)} is not running: ${file} tells it when it starts`,
  } as const;
}

/** Tells the proxy of a service once more what is wanted of it by now; the record of what runs, or null. */
export async function leadAgain(name: ServiceName, layout: Layout): Promise<RunRecord | null> {
  for (;;) {
    const record = readRecord(layout.runRecord(name));
    const proxy = record === null ? null : proxyOf(name, record.launch.service);
    if (record === null || record.port === null || proxy === null) return null;
    await leadTo({ ...record, port: record.port }, proxy, layout);
    // A change may have put another instance in its place meanwhile.
    if (readRecord(layout.runRecord(name))?.port === record.port) return record;
  }
}
