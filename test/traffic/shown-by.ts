import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from '../hooks/stage.ts';
import { serviceBench } from '../operations/service-bench.ts';
import { until } from '../support/pkg.ts';

/** `web` 1.0.0 behind a real proxy that shows its page of maintenance, by the lines that pkg prints for it. */
export async function shownBy(proxy: 'nginx' | 'haproxy') {
  const t = await serviceBench();
  const port = await freePort();
  const home = path.join(t.home, proxy);
  const socket = path.join(home, 'admin.sock');
  fs.mkdirSync(home);
  await t.ok('install', '-y', await t.web('web', '1.0.0', { autostart: true }));
  const words = proxy === 'haproxy' ? ['--socket', socket] : [];
  const { out } = await t.ok('maintenance', 'proxy', proxy, 'web', ...words);
  const place = { port, home, socket, to: await t.portOf('web'), lines: out };
  const config = path.join(home, 'conf');
  fs.writeFileSync(config, proxy === 'nginx' ? nginxConfig(place) : haproxyConfig(place));
  const argv = proxy === 'nginx' ? ['-p', home, '-c', config, '-e', `${home}/error.log`] : ['-f', config];

  let running: ChildProcess | null = null;
  onTestFinished(() => stop());

  /** A client, with what it understands. */
  async function ask(where = '/', accept = 'text/html') {
    const response = await fetch(`http://127.0.0.1:${port}${where}`, { headers: { connection: 'close', accept } });
    return { status: response.status, body: await response.text(), headers: response.headers };
  }

  async function start(): Promise<void> {
    const child = spawn(proxy, argv, { stdio: 'pipe', env: { PATH: `/usr/sbin:${process.env.PATH}` } });
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    running = child;
    await until(`${proxy} answers: ${said}`, async () => {
      if (child.exitCode !== null) throw new Error(`${proxy} ended: ${said}`);
      return ask().then(
        () => true,
        () => false,
      );
    });
  }

  async function stop(): Promise<void> {
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const ended = new Promise((resolve) => running?.once('exit', resolve));
    running.kill('SIGTERM');
    await ended;
  }

  await start();
  return { ...t, ask, start, stop, address: `http://127.0.0.1:${port}/` };
}

type Place = {
  readonly port: number;
  readonly home: string;
  readonly socket: string;
  readonly to: number;
  readonly lines: string;
};

function nginxConfig({ port, home, to, lines }: Place): string {
  const [outside = '', inside = ''] = lines.split('# in the server block');
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `${user} daemon off; worker_processes 1; pid ${home}/pid; events {}
http {
  access_log off;
  client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/fastcgi;
  uwsgi_temp_path ${home}/uwsgi; scgi_temp_path ${home}/scgi;
  ${outside}
  server {
    listen 127.0.0.1:${port};
    ${inside}
    location / { proxy_pass http://127.0.0.1:${to}; }
  }
}
`;
}

function haproxyConfig({ port, socket, to, lines }: Place): string {
  return `global
  stats socket ${socket} level admin
defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
frontend public
  bind 127.0.0.1:${port}
${lines}
  default_backend web
backend web
  server one 127.0.0.1:${to}
`;
}
