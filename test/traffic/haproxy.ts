import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../hooks/stage.ts';
import { serviceBench } from '../operations/service-bench.ts';
import { until } from '../support/pkg.ts';
import { type Asking, askAt, loadOn, SERVER } from './clients.ts';

/** `web` 1.0.0 runs behind a real HAProxy. */
export async function behindHaproxy({ level = 'admin' } = {}) {
  const t = await serviceBench();
  const [port, first, second] = await Promise.all([freePort(), freePort(), freePort()]);
  const config = path.join(t.home, 'haproxy.cfg');
  const socket = path.join(t.home, 'haproxy.sock');
  const file = path.join(t.home, 'haproxy.state');
  const maps = path.join(t.home, 'web-preview');
  let proxy: ChildProcess | null = null;
  onTestFinished(() => stop());

  async function start(serves = true): Promise<void> {
    proxy = spawn('haproxy', ['-f', config], { stdio: 'ignore', env: { PATH: `/usr/sbin:${process.env.PATH}` } });
    await until('HAProxy answers', () =>
      ask().then(
        ({ status }) => (status === 200) === serves,
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

  const ask = (where = '/', asking: Asking = {}) => askAt(port, where, asking);
  const web = (version: string, service: object = {}, traffic: object = {}): Promise<string> => {
    const arrives = { http: `http://127.0.0.1:${port}/`, header: { 'x-version': '${version}' }, timeout: '5s' };
    const way = { adapter: 'haproxy', socket, file, backend: 'web', preview: maps, arrives, ...traffic };
    const usual = { ports: [first, second], path: 'exact', reload: undefined, autostart: true, onUpgrade: 'replace' };
    return t.web('web', version, { ...usual, traffic: way, ...service }, { files: { 'server.js': SERVER } });
  };

  fs.writeFileSync(
    config,
    `global
  stats socket ${socket} level ${level}
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
  use-server %[req.hdrs,map_reg(${maps}.headers)] if { req.hdrs,map_reg(${maps}.headers) -m found }
  use-server %[src,map_ip(${maps}.addresses)] if { src,map_ip(${maps}.addresses) -m found }
  server blue 127.0.0.1:${first} check inter 100ms
  server green 127.0.0.1:${second} check inter 100ms disabled
`,
  );
  await t.ok('install', '-y', await web('1.0.0'));
  await start();
  const load = (asking: Asking = {}) => loadOn(port, asking);
  return { ...t, startPkg: t.start, web, ask, load, start, stop, file, ports: [first, second] as const };
}
