import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { endProcesses, takeLock } from '../../src/system/index.ts';
import { needs } from '../support/needs.ts';
import { until, workbench } from '../support/pkg.ts';
import { watchersOf } from '../support/trial.ts';
import { behindHaproxy } from './haproxy.ts';
import { behindNginx } from './nginx.ts';

const PROXIES = { nginx: () => behindNginx(), haproxy: () => behindHaproxy() };

type Bench = Awaited<ReturnType<(typeof PROXIES)[keyof typeof PROXIES]>>;

const MARK = 'run/web.server~drained.json';

const watchers = (t: Bench) => watchersOf(t.root, ['undrain', '--when-over']);

/** Ends the watcher as a crash of the machine would, and writes something else into the mark. */
async function aged(t: Bench, change: object): Promise<void> {
  for (const pid of watchers(t)) process.kill(pid, 'SIGKILL');
  await until('nobody watches', () => watchers(t).length === 0);
  fs.writeFileSync(t.at(MARK), JSON.stringify({ ...JSON.parse(t.read(MARK)), ...change }));
}

const isAway = async (t: Bench) => (await t.ask()).status >= 502;

describe.each(['nginx', 'haproxy'] as const)('a service drained behind %s', (proxy) => {
  needs(proxy);

  test('ends what was begun, stays away through an upgrade, and comes back by itself, by hand or late', async () => {
    const t = await PROXIES[proxy]();
    const slow = t.ask('/slow');
    const lock = await takeLock(t.at('lock'), {
      wait: 0,
      holder: { pid: process.pid, command: 'a change', since: '' },
      abort: new AbortController().signal,
    });
    const { json } = await t.ok('drain', 'web', '--until', '2099-01-01T06:00Z', '--json');
    lock.release();
    expect(json).toMatchObject({
      outcome: 'committed',
      services: [{ drained: { until: '2099-01-01T06:00:00.000Z' } }],
    });
    expect(await slow).toMatchObject({ status: 200, body: '1.0.0' });
    await t.stop();
    await t.start(false);
    expect(await isAway(t)).toBe(true);
    expect((await t.ok('status')).out).toContain('drained until 2099-01-01 06:00');

    const { err } = await t.ok('install', '-y', await t.web('2.0.0'));
    expect(err).toContain('web/server is drained: the new one waits with it');
    expect(await isAway(t)).toBe(true);
    await t.ok('undrain', 'web/server');
    expect((await t.ask()).body).toBe('2.0.0');
    expect([fs.readdirSync(t.at('run')), (await t.ok('undrain')).err]).toEqual([
      ['web.server.json'],
      expect.stringContaining('nothing is not drained'),
    ]);
    await until('nobody watches', () => watchers(t).length === 0);

    await t.ok('drain', 'web', '--until', '2s');
    await until('it comes back by itself', async () => (await t.ask()).body === '2.0.0');
    await until('nobody watches', () => watchers(t).length === 0 && !t.exists(MARK));

    await t.ok('drain', 'web', '--until', '1h');
    await aged(t, { until: '2020-01-01T00:00:00.000Z' });
    expect(await isAway(t)).toBe(true);
    expect((await t.ok('list')).err).toContain('the drain of web/server was over');
    expect((await t.ask()).body).toBe('2.0.0');

    await t.ok('drain', 'web/server', '--until', '1h');
    await aged(t, { bootId: 'the boot before' });
    await t.ok('recover');
    expect((await t.ask()).body).toBe('2.0.0');
    expect(t.exists(MARK)).toBe(false);
  });
});

describe('a drain', () => {
  needs('nginx');

  test('that the proxy cannot be told of is none', async () => {
    const t = await behindNginx();
    fs.writeFileSync(`${t.upstreams}/other.conf`, 'upstream {');
    const refused = await t.pkg('drain', 'web');
    expect([refused.exit, refused.err]).toEqual([1, expect.stringContaining('nginx refuses')]);
    expect([(await t.ask()).body, t.exists(MARK)]).toEqual(['1.0.0', false]);
    expect(fs.readFileSync(t.file, 'utf8')).not.toContain('down');
  });
});

test('what is drained is a service behind a proxy, until a time to come', async () => {
  const t = workbench();
  const services = { server: { start: ['/bin/true'], autostart: false } };
  await t.ok('install', '-y', await t.bundle('web', '1.0.0', { services }));
  const past = await t.pkg('drain', 'web', '--until', '2020-01-01T06:00Z');
  expect([past.exit, past.err]).toEqual([
    2,
    expect.stringMatching(/has passed already[^]*hint: give a time that is still/),
  ]);
  const direct = await t.pkg('drain', 'web');
  expect([direct.exit, direct.err]).toEqual([3, expect.stringContaining('web has no proxy')]);
  const wrong = await t.pkg('drain', 'wep');
  expect([wrong.exit, wrong.err]).toEqual([3, expect.stringContaining('did you mean: pkg drain web')]);
  expect(fs.readdirSync(t.at('run'))).toEqual([]);
  await endProcesses({ PKG_ROOT: t.root }, { graceMs: 0 });
});
