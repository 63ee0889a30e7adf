import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { readText } from '../../src/system/index.ts';
import { needs } from '../support/needs.ts';
import { isDead, type ServiceWorld, serviceWorld } from './service-world.ts';
import { untilSo } from '../support/until.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld();
});

describe('two instances of one service', () => {
  test('share a port for a while, and stopping one leaves the other', async () => {
    world.write(
      'shared.mjs',
      `import http from 'node:http';
       http.createServer((_, response) => response.end(process.argv[2])).listen({ port: ${world.port}, host: '127.0.0.1', reusePort: true });`,
    );
    const instance = (word: string) =>
      world.launch(
        { start: [process.execPath, 'shared.mjs', word], ready: { http: `http://127.0.0.1:${world.port}/` } },
        { runFile: path.join(world.folder, 'root', 'run', `web.server.${word}.json`) },
      );
    const old = await world.start(instance('old'));
    await world.ready(instance('old'), old);
    const coming = await world.start(instance('new'));
    const wanted = { http: `http://127.0.0.1:${world.port}/`, body: 'new' };
    await world.ready({ ...instance('new'), service: { ready: wanted } }, coming);
    await world.stop(old);
    expect([isDead(old.pid), isDead(coming.pid)]).toEqual([true, false]);
    expect(await world.condition({ ...old, pid: 1, startTime: 0 })).toMatchObject({ state: 'dead' });
  });
});

describe('nginx', () => {
  needs('nginx', 'root');

  test('that took its own place is still ours, and stopped as a whole', async () => {
    writeConfig();
    const launch = world.launch({
      start: ['/usr/sbin/nginx', '-c', file('nginx.conf')],
      forks: true,
      pidFile: 'nginx.pid',
      ready: { http: `http://127.0.0.1:${world.port}/`, timeout: '10s' },
      stop: { signal: 'SIGQUIT', timeout: '10s' },
      reload: { signal: 'SIGUSR2' },
    });
    const record = await world.start(launch);
    await world.ready(launch, record);
    await world.reload(record);
    await untilSo(() => fs.existsSync(file('nginx.pid.oldbin')) && fs.existsSync(file('nginx.pid')));
    process.kill(record.pid ?? 0, 'SIGQUIT');
    await untilSo(() => isDead(record.pid));
    await world.ready(launch, record);
    const { pid } = await world.condition(record);
    expect(pid).toBe(Number(readText(file('nginx.pid'))));
    expect(pid).not.toBe(record.pid);
    await world.stop(record);
    expect([isDead(pid), world.isTaken()]).toEqual([true, false]);
    expect(world.told.filter((line) => line.includes('killed'))).toEqual([]);
  });

  test('whose workers outlive their master says so, and is stopped as a whole', async () => {
    writeConfig();
    const launch = world.launch({
      start: ['nginx', '-c', file('nginx.conf'), '-g', 'daemon off;'],
      ready: { http: `http://127.0.0.1:${world.port}/`, timeout: '10s' },
    });
    const record = await world.start(launch);
    await world.ready(launch, record);
    process.kill(record.pid ?? 0, 'SIGKILL');
    await untilSo(() => isDead(record.pid));
    const { state, pid, because } = await world.condition(record);
    expect([state, because]).toEqual([
      'running',
      `its first process (pid ${record.pid}) has ended, and pid ${pid} is taken for it`,
    ]);
    await world.stop(record);
    expect([isDead(pid), world.isTaken()]).toEqual([true, false]);
  });
});

const file = (name: string) => path.join(world.bundleDir, name);

function writeConfig(): void {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${file(name)};`,
  );
  world.write(
    'nginx.conf',
    `user root; worker_processes 2; pid ${file('nginx.pid')}; error_log ${file('error.log')}; events {}
       http { access_log off; ${folders.join(' ')} server { listen 127.0.0.1:${world.port}; return 200; } }`,
  );
}
