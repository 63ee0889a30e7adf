import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../hooks/stage.ts';
import { serviceBench } from '../operations/service-bench.ts';
import { until, type Wish } from '../support/pkg.ts';
import { type Asking, askAt, loadOn, SERVER } from './clients.ts';

export type Proxied = Awaited<ReturnType<typeof behindNginx>>;

/**
 * `web` 1.0.0 runs behind a real nginx. `locations` are lines of its server block; ROOT stands for the root, and `pass`
 * is where requests are passed to.
 */
export async function behindNginx({ locations = '', pass = 'web-server' } = {}) {
  const t = await serviceBench();
  const [port, first, second] = await Promise.all([freePort(), freePort(), freePort()]);
  const home = path.join(t.home, 'nginx');
  const upstreams = path.join(home, 'upstreams');
  const config = path.join(home, 'nginx.conf');
  const command = ['nginx', '-p', home, '-c', config, '-e', path.join(home, 'error.log')];
  const file = path.join(upstreams, 'web.conf');
  let proxy: ChildProcess | null = null;
  onTestFinished(() => stop());

  async function start(serves = true): Promise<void> {
    const env = { PATH: `/usr/sbin:${process.env.PATH}` };
    proxy = spawn('nginx', [...command.slice(1), '-g', 'daemon off;'], { stdio: 'ignore', env });
    await until('nginx answers', () =>
      ask().then(
        ({ status }) => serves || status >= 500,
        () => false,
      ),
    );
  }

  async function stop(): Promise<void> {
    if (proxy === null || proxy.exitCode !== null) return;
    const ended = new Promise((resolve) => proxy?.once('exit', resolve));
    proxy.kill('SIGTERM');
    await ended;
  }

  const ask = (where = '/', asking: Asking = {}) => askAt(port, where, asking);

  /** The archive of a version that is replaced behind this nginx. */
  const web = (version: string, service: object = {}, traffic: object = {}, wish: Wish = {}): Promise<string> =>
    t.web(
      'web',
      version,
      {
        ports: [first, second],
        path: 'exact',
        reload: undefined,
        autostart: true,
        onUpgrade: 'replace',
        traffic: {
          adapter: 'nginx',
          file,
          command,
          arrives: { http: `http://127.0.0.1:${port}/`, header: { 'x-version': '${version}' }, timeout: '5s' },
          ...traffic,
        },
        ...service,
      },
      { ...wish, files: { 'server.js': SERVER, ...wish.files } },
    );

  const load = (asking: Asking = {}) => loadOn(port, asking);

  fs.mkdirSync(upstreams, { recursive: true });
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  fs.writeFileSync(
    config,
    `${user} worker_processes 2; pid ${home}/pid; events {}
http {
  access_log off;
  client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/fastcgi;
  uwsgi_temp_path ${home}/uwsgi; scgi_temp_path ${home}/scgi;
  include ${upstreams}/*.conf;
  server {
    listen 127.0.0.1:${port};
    ${locations.replaceAll('ROOT', t.root)}
    location / { proxy_pass http://${pass}; }
  }
}
`,
  );
  await t.ok('install', '-y', await web('1.0.0'));
  await start();
  return { ...t, startPkg: t.start, web, ask, load, start, stop, file, upstreams, ports: [first, second] as const };
}
