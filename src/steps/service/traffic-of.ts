import { PkgError } from '../../error.ts';
import { type Client, type Launch, type RunRecord, serviceTitle } from '../../model/index.ts';
import { type Proxy, proxyOf } from '../../traffic/index.ts';
import { answerInPublic, untilArrived } from './arrival.ts';
import { isRunning } from './service-instance.ts';
import type { StartWorld } from './start-ready.ts';
import { aimAt, leadTo } from './traffic-aim.ts';

/** How requests find the instance that shall answer them, while two of them run side by side. */
export type Traffic = {
  /** Throws, before anything is started, what would keep requests from being moved: all of them, or those of some. */
  refuseUnmovable(whose: 'all' | 'some'): Promise<void>;
  /** From now on new connections reach `to`. */
  move(to: RunRecord): Promise<void>;
  /** New connections reach `from` again, whether or not they were ever moved; those of `clients` too, who were elsewhere. */
  putBack(from: RunRecord, clients?: readonly Client[]): Promise<void>;
  /** Only new connections of these clients reach `to`; those of all others reach `from`. */
  share(from: RunRecord, to: RunRecord, clients: readonly Client[]): Promise<void>;
};

/** By the proxy that the newer declaration asks for. */
export function trafficOf({ name, service }: Launch, world: StartWorld): Traffic {
  const proxy = proxyOf(name, service);
  return proxy === null ? BY_THEMSELVES : through(proxy, world);
}

/** Both instances listen where requests come in, or something in front of them tries both ports: nothing to move. */
const BY_THEMSELVES: Traffic = {
  async refuseUnmovable() {},
  async move() {},
  async putBack() {},
  async share() {},
};

function through(proxy: Proxy, world: StartWorld): Traffic {
  const { layout, tell } = world;
  return {
    async refuseUnmovable(whose) {
      await proxy.refuseUnusable();
      if (whose === 'some') await proxy.refuseUnpreviewable();
    },

    async move(to) {
      const { isDrained } = await leadTo(withPort(to), proxy, layout);
      if (!isDrained) return untilArrived(to, world);
      const title = serviceTitle(to.launch.name);
      tell({ event: 'note', message: `${title} is drained: the new one waits with it for pkg undrain ${title}` });
    },

    async putBack(from, clients = []) {
      // The file is written as the old version wants it, which may call it or the upstream something else.
      const former = proxyOf(from.launch.name, from.launch.service) ?? proxy;
      if (former.file !== proxy.file) proxy.forget();
      else if (clients.length === 0 && (await isBack(from, former, world))) return;
      try {
        const { isDrained } = await leadTo(withPort(from), former, layout);
        // After a reboot it comes up later, like everything else.
        if (isDrained || !(await isRunning(from))) return;
        for (const client of [null, ...clients]) await untilArrived(from, world, client);
      } catch (error) {
        await forgive(error, from, world);
      }
    },

    async share(from, to, clients) {
      const { isDrained } = await leadTo(withPort(from), proxy, layout);
      for (const client of clients) await untilArrived(to, world, client);
      if (!isDrained && !clients.some(isPerhapsHere)) await untilArrived(from, world);
    },
  };
}

/** Who comes from a given address may be this machine, and then what it is answered is no answer for everybody. */
function isPerhapsHere({ kind }: Client): boolean {
  return kind === 'address';
}

/** What was put back already is not reloaded for it once more. */
async function isBack(from: RunRecord, former: Proxy, { layout }: StartWorld): Promise<boolean> {
  const isWritten = former.leadsTo(aimAt(withPort(from).port, from.launch.name, layout));
  return isWritten && (await answerInPublic(from))?.answered === true;
}

/**
 * On the way back the old instance serves, and what leads to it is written down. A proxy that is told nothing because
 * somebody broke its configuration is no harm while it sends requests there; one that is down reads it when it starts.
 */
async function forgive(error: unknown, from: RunRecord, { tell }: StartWorld): Promise<void> {
  const answer = await answerInPublic(from);
  if (answer === null || (!answer.answered && !answer.message.includes('ECONNREFUSED'))) throw error;
  tell({
    event: 'warning',
    message: `${serviceTitle(from.launch.name)} serves again, but ${(error as Error).message}`,
  });
}

/** The same record, of an instance that certainly listens. */
function withPort(record: RunRecord): RunRecord & { readonly port: number } {
  const { launch, port } = record;
  if (port !== null) return { ...record, port };
  throw new PkgError('traffic-failed', `cannot move the traffic of ${serviceTitle(launch.name)}: it has no port`);
}
