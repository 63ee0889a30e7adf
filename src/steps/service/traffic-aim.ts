import { isDeepStrictEqual } from 'node:util';
import type { RunRecord, ServiceName } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { type Aim, isDrainOver, type Proxy, readDrain, readPreview } from '../../traffic/index.ts';

/** Where requests shall go while everybody sees what listens on `port`: drains and previews count, too. */
export function aimAt(port: number, name: ServiceName, layout: Layout): Aim {
  const drain = readDrain(layout.drainMark(name));
  return {
    port,
    isDrained: drain !== null && !isDrainOver(drain),
    preview: readPreview(layout.previewMark(name)),
  };
}

/** Tells the proxy where `record` listens, and once more when somebody has drained the service or put it back meanwhile. */
export async function leadTo(
  record: RunRecord & { readonly port: number },
  proxy: Proxy,
  layout: Layout,
): Promise<Aim> {
  for (;;) {
    const aim = aimAt(record.port, record.launch.name, layout);
    await proxy.lead(aim);
    if (isDeepStrictEqual(aim, aimAt(record.port, record.launch.name, layout))) return aim;
  }
}
