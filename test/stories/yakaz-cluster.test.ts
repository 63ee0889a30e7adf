import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { COOKIE, machine } from './yakaz-cluster.ts';

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

    await two.ok('remove', '-y', '--stop', 'erlang');
    await one.ok('remove', '-y', '--stop', '--purge', '--accept-data-loss', 'cluster', 'cluster', 'erlang');
    for (const left of [one, two]) expect(await left.leftovers()).toEqual([]);
    expect(one.exists('data', 'cluster')).toBe(false);
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
