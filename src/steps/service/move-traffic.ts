import { PkgError } from '../../error.ts';
import { type Launch, type RunRecord, serviceTitle } from '../../model/index.ts';
import { probeOnce } from '../../service/index.ts';
import { type Proxy, proxyOf } from '../../traffic/index.ts';
import type { ServiceWorld } from './service-instance.ts';
import { untilReady } from './start-ready.ts';

/** How requests find the instance that shall answer them, while two of them run side by side. */
export type Traffic = {
  /** Throws, before anything is started, what would keep requests from being moved. */
  refuseUnmovable(): Promise<void>;
  /** From now on new connections reach `to`. */
  move(to: RunRecord): Promise<void>;
  /** New connections reach `from` again, whether or not they were ever moved. */
  putBack(from: RunRecord): Promise<void>;
};

/** By the proxy that the newer declaration asks for. */
export function trafficOf({ name, service }: Launch, world: ServiceWorld): Traffic {
  const proxy = proxyOf(name, service);
  return proxy === null ? BY_THEMSELVES : through(proxy, world);
}

/** Both instances listen where requests come in, or something in front of them tries both ports: nothing to move. */
const BY_THEMSELVES: Traffic = {
  async refuseUnmovable() {},
  async move() {},
  async putBack() {},
};

function through(proxy: Proxy, world: ServiceWorld): Traffic {
  return {
    refuseUnmovable: () => proxy.refuseUnusable(),

    async move(to) {
      await proxy.lead(portOf(to));
      await untilArrived(to, world);
    },

    async putBack(from) {
      // The file is written as the old version wants it, which may call it or the upstream something else.
      const former = proxyOf(from.launch.name, from.launch.service) ?? proxy;
      if (former.file !== proxy.file) proxy.forget();
      try {
        await former.lead(portOf(from));
        await untilArrived(from, world);
      } catch (error) {
        await forgive(error, from, world);
      }
    },
  };
}

/** A real request at the public address is answered as the instance would; a reload says nothing of what came of it. */
async function untilArrived(record: RunRecord, world: ServiceWorld): Promise<void> {
  const asked = askedInPublic(record.launch);
  if (asked === null) return;
  try {
    // Old workers of a proxy may still take a request after a new one took the first.
    await untilReady(asked, { ...record, launch: asked }, { logFrom: 0, world, mayFlicker: true });
  } catch (error) {
    if (!(error instanceof PkgError) || error.code !== 'not-ready') throw error;
    throw new PkgError('traffic-failed', `requests do not arrive: ${error.message}`, {
      hint: 'look into the error log of the proxy',
      cause: error,
    });
  }
}

/**
 * On the way back the old instance serves, and what leads to it is written down. A proxy that is told nothing because
 * somebody broke its configuration is no harm while it sends requests there; one that is down reads it when it starts.
 */
async function forgive(error: unknown, from: RunRecord, { tell }: ServiceWorld): Promise<void> {
  const asked = askedInPublic(from.launch);
  if (asked === null) throw error;
  const { answered, message } = await probeOnce(asked, { ...from, launch: asked }, 0);
  if (!answered && !message.includes('ECONNREFUSED')) throw error;
  tell({
    event: 'warning',
    message: `${serviceTitle(from.launch.name)} serves again, but ${(error as Error).message}`,
  });
}

/** What is asked at the public address. It has to go on for a moment. */
function askedInPublic(launch: Launch): Launch | null {
  const { arrives } = launch.service.traffic ?? {};
  if (arrives === undefined) return null;
  return { ...launch, service: { ...launch.service, ready: { timeout: '10s', soak: '300ms', ...arrives } } };
}

function portOf({ launch, port }: RunRecord): number {
  if (port !== null) return port;
  throw new PkgError('traffic-failed', `cannot move the traffic of ${serviceTitle(launch.name)}: it has no port`);
}
