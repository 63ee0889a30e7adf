import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Manager } from '../../src/model/index.ts';
import { freePort } from '../support/free-port.ts';
import { needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { type Answer, type Ended, type Wish, type Workbench, until, workbench } from '../support/pkg.ts';
import { servedMachine } from '../support/runit.ts';
import { bootedMachine } from '../support/systemd.ts';

type Machine = {
  readonly pkg: (...words: readonly string[]) => Promise<Pick<Ended, 'exit' | 'out' | 'err'>>;
  reboot?(): Promise<unknown>;
};

const MACHINES: readonly (readonly [Manager, (t: Workbench) => Promise<Machine>])[] = [
  ['process', (t) => Promise.resolve({ pkg: t.pkg })],
  ['systemd', (t) => bootedMachine(t.home)],
  ['runit', (t) => servedMachine(t.root)],
];

/** Servers as distributions ship them: with masters and workers, users of their own, and titles over their environment. */
const SERVERS = ['nginx', 'redis', 'memcached', 'apache'] as const;

describe.each(MACHINES)('servers of the distribution that %s keeps', (manager, machineFor) => {
  needs('root', 'unshare', 'systemctl', 'systemd-analyze', 'runsvdir', 'nginx', 'redis-server', 'memcached', 'apache2');
  needsMounts();

  test('are installed, upgraded, reloaded, restarted, brought up by a boot, taken back, stopped and removed together', async () => {
    const t = workbench();
    const { pkg, reboot } = await machineFor(t);
    const succeed = async (...words: readonly string[]): Promise<Answer> => {
      const { exit, out, err } = await pkg(...words);
      if (exit !== 0) throw new Error(`pkg ${words.join(' ')} ended with ${exit}:\n${err}\n${out}`);
      return words.includes('--json') ? JSON.parse(out.trim().split('\n').at(-1) ?? '') : {};
    };
    const states = async (): Promise<Record<string, Answer>> => {
      const { services } = await succeed('service', 'status', '--json');
      return Object.fromEntries(services.map((one: Answer) => [one.bundle, one]));
    };
    const ports = Object.fromEntries(await Promise.all(SERVERS.map(async (name) => [name, await freePort()])));
    const archives = (version: string) =>
      Promise.all(SERVERS.map((name) => t.bundle(name, version, BUNDLES[name](ports[name], manager))));

    await succeed('install', '--yes', ...(await archives('1.0.0')));
    const first = await states();
    for (const name of SERVERS) {
      expect(first[name]).toMatchObject({
        state: 'running',
        runningVersion: '1.0.0',
        supervised: manager !== 'process',
      });
    }

    await succeed('install', '--yes', ...(await archives('1.1.0')));
    const second = await states();
    const stayed = SERVERS.filter((name) => second[name].pid === first[name].pid);
    expect(stayed).toEqual(['nginx', 'apache']);
    for (const name of SERVERS) expect(second[name]).toMatchObject({ state: 'running', runningVersion: '1.1.0' });

    await succeed('service', 'reload', 'nginx', 'apache');
    await succeed('service', 'restart', '--all');
    const third = await states();
    expect(SERVERS.filter((name) => third[name].pid === second[name].pid)).toEqual([]);

    if (reboot !== undefined) {
      await reboot();
      await until('all are up', async () => Object.values(await states()).every(({ state }) => state === 'running'));
      await succeed('service', 'reload', 'nginx', 'apache');
    }

    await succeed('rollback', '--yes');
    for (const one of Object.values(await states()))
      expect(one).toMatchObject({ state: 'running', runningVersion: '1.0.0' });

    await succeed('service', 'stop', '--all');
    for (const one of Object.values(await states())) expect(one).toMatchObject({ state: 'stopped', pid: null });
    await succeed('remove', '--yes', '--all');
    expect(fs.existsSync(t.at('current'))).toBe(true);
  });
});

const READY = { http: 'http://127.0.0.1:${port}/', header: { 'x-version': '${version}' }, timeout: '20s' };

/** Each server, for a port and a manager. The web servers say their version, and read it again when they are told to. */
const BUNDLES: Readonly<Record<(typeof SERVERS)[number], (port: number, manager: Manager) => Wish>> = {
  nginx: (port, manager) => ({
    ...configured(`daemon off; user root; worker_processes 2; pid {{data}}/nginx.pid; error_log stderr; events {}
      http {
        access_log off;
        ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path {{data}}/${name};`).join(' ')}
        server { listen 127.0.0.1:${port}; add_header x-version {{version}}; return 200; }
      }`),
    services: {
      server: {
        manager,
        start: ['nginx', '-c', '${etc}/server.conf'],
        ports: [port],
        ready: READY,
        stop: { signal: 'SIGQUIT' },
        reload: { signal: 'SIGHUP' },
        path: 'current',
        onUpgrade: 'reload',
      },
    },
  }),
  redis: (port, manager) => ({
    data: { directory: true },
    services: {
      server: {
        manager,
        start: ['redis-server', '--bind', '127.0.0.1', '--port', '${port}', '--save', '', '--dir', '${data}'],
        ports: [port],
        ready: { tcp: port, timeout: '20s' },
      },
    },
  }),
  memcached: (port, manager) => ({
    services: {
      server: {
        manager,
        start: ['memcached', '-l', '127.0.0.1', '-p', '${port}', '-u', 'nobody'],
        ports: [port],
        ready: { tcp: port, timeout: '20s' },
      },
    },
  }),
  apache: (port, manager) => ({
    ...configured(`ServerName localhost
      Listen 127.0.0.1:${port}
      ${['mpm_prefork', 'authz_core', 'headers'].map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
      PidFile {{data}}/apache.pid
      DefaultRuntimeDir {{data}}
      ErrorLog {{data}}/error.log
      User nobody
      Group nogroup
      Header always set x-version {{version}}
      <Location "/">
        Require all denied
      </Location>\n`),
    services: {
      server: {
        manager,
        start: ['apache2', '-f', '${etc}/server.conf', '-DFOREGROUND'],
        ports: [port],
        ready: { ...READY, status: 403 },
        reload: { signal: 'SIGUSR1' },
        path: 'current',
        onUpgrade: 'reload',
      },
    },
  }),
};

function configured(text: string): Wish {
  return {
    data: { directory: true },
    config: [{ path: 'etc/server.conf', template: true }],
    files: { 'etc/server.conf': text },
  };
}
