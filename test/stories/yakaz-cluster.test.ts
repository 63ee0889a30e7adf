import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { yakazWorld } from './yakaz-world.ts';

const COOKIE = 'a-cookie-that-nobody-sees';

describe('nodes that share their tables by Mnesia', () => {
  needs('erl', '/var/lib/dpkg/info/erlang-mnesia.list');

  it('are asked whether they are the first or join, and leave when they are removed', async () => {
    const [one, two] = [await machine(), await machine()];
    await one.ok(...(await one.install('one', { cluster: 'first' })));
    await two.ok(...(await two.install('two', { cluster: 'join', member: 'one@127.0.0.1' }, one.epmd)));
    const { count } = await one.ask();
    expect(await two.ask()).toEqual({ members: ['one@127.0.0.1', 'two@127.0.0.1'], count: count + 1 });
    expect(await one.ask()).toEqual({ members: ['one@127.0.0.1', 'two@127.0.0.1'], count: count + 2 });

    await two.ok('remove', '-y', '--stop', '--purge', '--accept-data-loss', 'cluster', 'cluster');
    expect(two.exists('data', 'cluster')).toBe(false);
    expect(await one.ask()).toEqual({ members: ['one@127.0.0.1'], count: count + 3 });
    expect((await one.ok('history', '--json')).out).not.toContain(COOKIE);
  });

  it('refuse to join where nobody answers, before anything is touched', async () => {
    const two = await machine();
    const refused = await two.pkg(...(await two.install('two', { cluster: 'join', member: 'one@127.0.0.1' })));
    expect(refused.exit).toBe(7);
    expect(refused.err).toMatch(/one@127\.0\.0\.1 does not answer/);
    expect(await two.installed()).toEqual([]);
  });

  it('stay members when nobody could be told that they leave', async () => {
    const [one, two] = [await machine(), await machine()];
    await one.ok(...(await one.install('one', { cluster: 'first' })));
    await two.ok(...(await two.install('two', { cluster: 'join', member: 'one@127.0.0.1' }, one.epmd)));
    await one.ok('service', 'stop', 'cluster');
    const refused = await two.pkg('remove', '-y', '--stop', 'cluster');
    expect(refused.exit).toBe(1);
    expect(refused.err).toMatch(/no other member of the cluster is reachable/);
    expect((await two.ask()).members).toEqual(['one@127.0.0.1', 'two@127.0.0.1']);
  });

  it('are members again when their removal is undone', async () => {
    const [one, two] = [await machine(), await machine()];
    await one.ok(...(await one.install('one', { cluster: 'first' })));
    const install = await two.install('two', { cluster: 'join', member: 'one@127.0.0.1' }, one.epmd);
    await two.ok(...install, await two.bundle('base', '1.0.0', { hooks: { preremove: 'exit 1' } }));
    const { count } = await two.ask();
    const refused = await two.pkg('remove', '-y', '--stop', 'cluster', 'base');
    expect(refused.exit).toBe(1);
    expect(refused.err).toMatch(/run preremove remove of cluster 1\.0\.0: undone/);
    expect(await two.ask()).toEqual({ members: ['one@127.0.0.1', 'two@127.0.0.1'], count: count + 1 });
  });
});

/** One machine of the cluster: a root, a runtime, and a node in it. */
async function machine() {
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
