import type { RunRecord } from '../../model/index.ts';
import { proxyOf } from '../../traffic/index.ts';
import type { ServiceWorld } from './service-instance.ts';

/**
 * After a start: the proxy sends requests to where the service listens now. One that does not run, or not yet, reads
 * where that is when it starts; so it is no reason to take a start back.
 */
export async function leadTraffic({ launch, port }: RunRecord, { tell }: Pick<ServiceWorld, 'tell'>): Promise<void> {
  if (port === null) return;
  const proxy = proxyOf(launch.name, launch.service);
  if (proxy === null || proxy.leadsTo(port)) return;
  try {
    await proxy.lead(port);
  } catch (error) {
    tell({ event: 'warning', message: (error as Error).message });
  }
}
