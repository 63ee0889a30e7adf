import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { yakazWorld } from './yakaz-world.ts';

/** What nobody may see, not even in the history. */
export const COOKIE = 'a-cookie-that-nobody-sees';

/** One machine of the cluster: a root, a runtime, and a node in it. */
export async function machine() {
  const world = await yakazWorld();
  return {
    ...world,

    /** The words that install a node; it finds the others by `epmd`, that of another machine where there is one. */
    async install(name: string, answers: Readonly<Record<string, string>>, epmd = world.epmd) {
      const file = join(world.home, 'settings.json');
      const cluster = { node: `${name}@127.0.0.1`, cookie: COOKIE, 'epmd-port': epmd, ...answers };
      writeFileSync(file, JSON.stringify({ cluster }), {
        mode: 0o600,
      });
      const folder = world.fill('cluster', { VERSION: '1.0.0', PORT: world.port });
      return ['install', '-y', '--settings', file, await world.erlang('25.2.3'), await world.pack(folder)];
    },

    /** The members that the node knows, and the visits that all of them count. */
    async ask() {
      const [response] = (await once(get({ port: world.port, agent: false }), 'response')) as [IncomingMessage];
      const [members = '', count = ''] = (await text(response)).split('\n');
      return { members: members.split(' '), count: Number(count) };
    },
  };
}
