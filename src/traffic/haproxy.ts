import { setTimeout as pause } from 'node:timers/promises';
import fs from 'node:fs';
import { PkgError } from '../error.ts';
import { type ServiceName, serviceTitle, type TrafficWay } from '../model/index.ts';
import { readText, writeDurably } from '../system/index.ts';
import type { Aim } from './aim.ts';
import { CLIENT_MAPS, clientsShown, clientsText } from './haproxy-clients.ts';
import { askHaproxy } from './haproxy-socket.ts';
import { idleIn, isReadyBy, type ServerState, serversIn, withAim } from './haproxy-states.ts';
import type { Proxy } from './proxy-of.ts';

/** HAProxy, by its runtime socket, and by the files that it reads when it starts: server states, and maps of clients. */
export function haproxy(name: ServiceName, way: TrafficWay): Proxy {
  const { file = '', socket = '', backend = '', preview: maps } = way;
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

  /** HAProxy answers nothing if it has done what it was told; any text is the reason why it has not. */
  async function tell(command: string): Promise<void> {
    const said = await ask(command);
    if (said !== '') throw fails(`HAProxy answers '${said}' to: ${command.split('\n')[0]}`);
  }

  /** For HAProxy an unknown backend is not an error, but has no servers. */
  async function servers(): Promise<{ readonly text: string; readonly all: readonly ServerState[] }> {
    const text = await ask('show servers state');
    const all = serversIn(text, backend);
    if (all.length === 0) throw fails(`HAProxy has no backend '${backend}'`);
    return { text, all };
  }

  async function serverAt(port: number): Promise<ServerState> {
    const found = (await servers()).all.find((server) => server.port === port);
    if (found !== undefined) return found;
    throw fails(`the backend '${backend}' of HAProxy has no server with port ${port}`);
  }

  async function raise(port: number, state: 'ready' | 'drain'): Promise<void> {
    const { name: server } = await serverAt(port);
    await tell(`set server ${backend}/${server} state ${state}`);
    if (state === 'ready') await tell(`set weight ${backend}/${server} 100%`);
    // Refused for a server without checks, which is already up.
    await ask(`set server ${backend}/${server} health up`);
    const deadline = performance.now() + 10_000;
    while (!(await serverAt(port)).isUp) {
      if (performance.now() > deadline) throw fails(`HAProxy does not find ${backend}/${server} up`);
      await pause(50);
    }
  }

  /** Not as a new version of the map: HAProxy 2.6 would keep using what it has cached of the old version. */
  async function tellClients(aim: Aim): Promise<void> {
    const server = aim.preview === null ? '' : (await serverAt(aim.preview.port)).name;
    for (const map of maps === undefined ? [] : CLIENT_MAPS) {
      const place = `${maps}.${map}`;
      const text = clientsText(map, aim.preview, server);
      writeDurably(place, text);
      if (clientsShown(await ask(`show map ${place}`)) === text) continue;
      await tell(`clear map ${place}`);
      if (text !== '') await tell(`add map ${place} <<\n${text}`);
    }
  }

  return {
    file,

    async refuseUnusable() {
      if ((await servers()).all.length < 2) throw fails(`HAProxy has no backend '${backend}' with two servers`);
    },

    async refuseUnpreviewable() {
      const used = await ask('show map');
      const missing = CLIENT_MAPS.find((map) => !used.includes(`(${maps}.${map})`));
      if (missing === undefined) return;
      throw new PkgError(
        'traffic-failed',
        `cannot preview ${serviceTitle(name)}: HAProxy does not ask the map ${maps}.${missing} where to go`,
        {
          hint: 'docs/traffic.md has the two lines for its backend; the files are there since the service was started',
        },
      );
    },

    leadsTo(aim) {
      const known = serversIn(readText(file) ?? '', backend);
      const shown = known.find((server) => server.port === aim.preview?.port)?.name ?? '';
      return (
        known.length > 0 &&
        known.every((server) => server.isReady === isReadyBy(aim, server)) &&
        (maps === undefined ||
          CLIENT_MAPS.every((map) => readText(`${maps}.${map}`) === clientsText(map, aim.preview, shown)))
      );
    },

    async lead(aim) {
      // First what a restart reads: HAProxy may be gone before it is told.
      const written = readText(file);
      if (written !== null) writeDurably(file, withAim(written, backend, aim));
      if (aim.preview === null && maps !== undefined) for (const map of CLIENT_MAPS) writeDurably(`${maps}.${map}`, '');
      if (aim.preview !== null) await raise(aim.preview.port, 'drain');
      if (!aim.isDrained) await raise(aim.port, 'ready');
      const { all } = await servers();
      for (const other of all.filter((server) => !isReadyBy(aim, server))) {
        await tell(`set server ${backend}/${other.name} state drain`);
      }
      await tellClients(aim);
      writeDurably(file, withAim((await servers()).text, backend, aim));
    },

    async idleAt(port) {
      return idleIn(await ask(`show servers conn ${backend}`), port);
    },

    forget() {
      fs.rmSync(file, { force: true });
    },
  };
}
