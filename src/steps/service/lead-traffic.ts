import type { RunRecord } from '../../model/index.ts';
import { proxyOf } from '../../traffic/index.ts';
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
    tell({ event: 'warning', message: (error as Error).message });
  }
}
