import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { freePort } from '../hooks/stage.ts';
import { serviceBench } from '../operations/service-bench.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { askAt, loadOn, SERVER } from './clients.ts';

/** `web` 1.0.0 runs behind a real HAProxy. */
async function behindHaproxy() {
  const t = await serviceBench();
  const [port, first, second] = await Promise.all([freePort(), freePort(), freePort()]);
  const config = path.join(t.home, 'haproxy.cfg');
  const socket = path.join(t.home, 'haproxy.sock');
  const file = path.join(t.home, 'haproxy.state');
  let proxy: ChildProcess | null = null;
  onTestFinished(() => stop());

  async function start(): Promise<void> {
    proxy = spawn('haproxy', ['-f', config], { stdio: 'ignore', env: { PATH: `/usr/sbin:${process.env.PATH}` } });
    await until('HAProxy answers', () =>
      ask().then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  }

  async function stop(): Promise<void> {
    if (proxy === null || proxy.exitCode !== null || proxy.signalCode !== null) return;
    const ended = new Promise((resolve) => proxy?.once('exit', resolve));
    proxy.kill('SIGKILL');
    await ended;
  }

  const ask = (where = '/') => askAt(port, where);
  const web = (version: string, traffic: object = {}): Promise<string> => {
    const arrives = { http: `http://127.0.0.1:${port}/`, header: { 'x-version': '${version}' }, timeout: '5s' };
    const way = { adapter: 'haproxy', socket, file, backend: 'web', arrives, ...traffic };
    const service = { ports: [first, second], path: 'exact', reload: undefined, autostart: true, onUpgrade: 'replace' };
    return t.web('web', version, { ...service, traffic: way }, { files: { 'server.js': SERVER } });
  };

  fs.writeFileSync(
    config,
    `global
  stats socket ${socket} level admin
  server-state-file ${file}
defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
  load-server-state-from-file global
frontend public
  bind 127.0.0.1:${port}
  default_backend web
backend web
  server blue 127.0.0.1:${first} check inter 100ms
  server green 127.0.0.1:${second} check inter 100ms disabled
`,
  );
  await t.ok('install', '-y', await web('1.0.0'));
  await start();
  return { ...t, web, ask, start, stop, load: () => loadOn(port) };
}

describe('a service that is replaced behind HAProxy', () => {
  needs('haproxy');

  test('loses no request on the way up and down, and long ones end on the old instance', async () => {
    const t = await behindHaproxy();
    const load = t.load();
    const slow = t.ask('/slow');
    await t.ok('install', '-y', await t.web('2.0.0'));
    expect((await t.ask()).body).toBe('2.0.0');
    expect(await slow).toMatchObject({ status: 200, body: '1.0.0' });
    await t.ok('install', '-y', await t.web('3.0.0'));
    await t.ok('rollback', '-y');
    expect((await t.ask()).body).toBe('2.0.0');
    const { asked, failed } = await load.stop();
    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  });

  test('is found by an HAProxy that was started again', async () => {
    const t = await behindHaproxy();
    await t.ok('install', '-y', await t.web('2.0.0'));
    await t.stop();
    await t.start();
    const seen = await Promise.all(Array.from({ length: 20 }, () => t.ask()));
    expect(new Set(seen.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set(['200 2.0.0']));
  });

  test('serves as before when the backend does not exist or the socket is gone', async () => {
    const t = await behindHaproxy();
    const load = t.load();
    const unknown = await t.pkg('install', '-y', await t.web('2.0.0', { backend: 'wep' }));
    expect([unknown.exit, unknown.err]).toEqual([1, expect.stringContaining("HAProxy has no backend 'wep'")]);
    const gone = await t.pkg('install', '-y', await t.web('3.0.0', { socket: '/nowhere/haproxy.sock' }));
    expect([gone.exit, gone.err]).toEqual([1, expect.stringContaining('HAProxy does not answer at /nowhere')]);
    expect(await load.stop()).toMatchObject({ failed: [] });
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });
});
