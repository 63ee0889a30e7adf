import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answered } from './load.ts';
import { newFolder, type World } from './world.ts';

export type ProxyName = 'nginx' | 'haproxy';

/** A proxy on `port`, in front of a service that has one of two ports, and how a bundle tells it of itself. */
export type LiveProxy = {
  readonly traffic: object;
  start(): Promise<void>;
  stop(): Promise<void>;
};

type Ports = { readonly port: number; readonly first: number; readonly second: number };

/** Writes the configuration of a proxy. It is started once there is something behind it. */
export function liveProxy(world: World, name: ProxyName, ports: Ports): LiveProxy {
  const home = newFolder(world, `live-${name}-proxy`);
  const { command, traffic } = { nginx, haproxy }[name](home, ports);
  const [program = '', ...words] = command;
  let child: ChildProcess | null = null;
  return {
    traffic,
    async start() {
      child = spawn(program, words, { stdio: 'ignore', env: { PATH: `/usr/sbin:${process.env['PATH']}` } });
      while (!(await answered(ports.port, false))) await new Promise(setImmediate);
    },
    async stop() {
      if (child === null || child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

type Told = { readonly command: readonly string[]; readonly traffic: object };

function nginx(home: string, { port }: Ports): Told {
  const file = join(home, 'upstreams/live.conf');
  const config = join(home, 'nginx.conf');
  const command = ['nginx', '-p', home, '-c', config, '-e', join(home, 'error.log')];
  mkdirSync(join(home, 'upstreams'));
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${home}/${one};`);
  writeFileSync(
    config,
    `${process.getuid?.() === 0 ? 'user root;' : ''} worker_processes 2; pid ${home}/pid; events {}
http {
  access_log off; ${folders.join(' ')}
  include ${home}/upstreams/*.conf;
  server { listen 127.0.0.1:${port}; location / { proxy_pass http://live-web; } }
}
`,
  );
  return { command: [...command, '-g', 'daemon off;'], traffic: { adapter: 'nginx', file, command } };
}

function haproxy(home: string, { port, first, second }: Ports): Told {
  const [config, socket, file] = [join(home, 'haproxy.cfg'), join(home, 'socket'), join(home, 'state')];
  writeFileSync(
    config,
    `global
  stats socket ${socket} level admin
  server-state-file ${file}
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  load-server-state-from-file global
frontend public
  bind 127.0.0.1:${port}
  default_backend live
backend live
  server blue 127.0.0.1:${first} check inter 100ms
  server green 127.0.0.1:${second} check inter 100ms disabled
`,
  );
  return { command: ['haproxy', '-f', config], traffic: { adapter: 'haproxy', file, socket, backend: 'live' } };
}
