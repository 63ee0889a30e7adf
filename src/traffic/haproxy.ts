import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { PkgError } from '../error.ts';
import { type ServiceName, serviceTitle, type TrafficWay } from '../model/index.ts';
import { readText, writeDurably } from '../system/index.ts';
import { askHaproxy, serversIn, withReady } from './haproxy-socket.ts';
import type { Proxy } from './proxy-of.ts';

/** HAProxy, by its runtime socket, and by the file of server states that it reads when it starts. */
export function haproxy(name: ServiceName, { file = '', socket = '', backend = '' }: TrafficWay): Proxy {
  const fails = (what: string, cause?: unknown): PkgError =>
    new PkgError('traffic-failed', `cannot move the traffic of ${serviceTitle(name)}: ${what}`, {
      hint: `look at it: echo "show servers state" | socat ${socket} -`,
      cause,
    });

  async function ask(command: string): Promise<string> {
    try {
      return await askHaproxy(socket, command);
    } catch (error) {
      throw fails(`HAProxy does not answer at ${socket}: ${(error as Error).message}`, error);
    }
  }

  /** An unknown backend is no error for HAProxy: it has no servers. */
  async function state(port: number) {
    const text = await ask('show servers state');
    const servers = serversIn(text, backend);
    const target = servers.find((server) => server.port === port);
    if (servers.length === 0) throw fails(`HAProxy has no backend '${backend}'`);
    if (target === undefined) throw fails(`the backend '${backend}' of HAProxy has no server with port ${port}`);
    return { text, target, others: servers.filter((server) => server !== target) };
  }

  async function untilUp(port: number): Promise<void> {
    const deadline = performance.now() + 10_000;
    for (let { target } = await state(port); !target.isUp; { target } = await state(port)) {
      if (performance.now() > deadline) throw fails(`HAProxy does not find ${backend}/${target.name} up`);
      await pause(50);
    }
  }

  return {
    file,

    async refuseUnusable() {
      if (serversIn(await ask('show servers state'), backend).length < 2) {
        throw fails(`HAProxy has no backend '${backend}' with two servers`);
      }
    },

    leadsTo(port) {
      const servers = serversIn(readText(file) ?? '', backend);
      return servers.length > 0 && servers.every((server) => server.isReady === (server.port === port));
    },

    async lead(port) {
      // First of all what a restart reads: HAProxy may be gone before it is told.
      const written = readText(file);
      if (written !== null) writeDurably(file, withReady(written, backend, port));
      const { target, others } = await state(port);
      await ask(`set server ${backend}/${target.name} state ready`);
      // Refused for a server without checks, which is up already.
      await ask(`set server ${backend}/${target.name} health up`);
      await untilUp(port);
      for (const other of others) await ask(`set server ${backend}/${other.name} state drain`);
      writeDurably(file, withReady((await state(port)).text, backend, port));
    },

    forget() {
      fs.rmSync(file, { force: true });
    },
  };
}
