import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Manifest } from '../../src/model/index.ts';
import { gatherServices } from '../../src/operations/facts/gather-services.ts';
import { readInstalled } from '../../src/operations/facts/installed.ts';
import { type ServiceBench, serviceBench } from './service-bench.ts';

/** The facts about services for bundles that declare `ports`. */
function factsOf(t: ServiceBench, ports: readonly number[]) {
  const { layout, generation } = readInstalled(t.root);
  const manifest: Manifest = { name: 'any', version: '1.0.0', services: { server: { start: ['any'], ports } } };
  return gatherServices(layout, generation, [manifest]);
}

test('says of every service what runs, and who listens on a declared port', async () => {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.web('db', '1.0.0'), await t.web('web', '1.0.0', {}, { depends: { db: '*' } }));
  await t.ok('service', 'start', 'db');
  const { pid } = await t.ask('db');
  const stranger = createServer().listen(await t.portOf('web'), '127.0.0.1');
  await once(stranger, 'listening');
  const { services, listeners, unusableManagers } = await factsOf(t, [await t.portOf('db'), await t.portOf('web')]);
  stranger.close();
  expect(services).toMatchObject([
    { name: { bundle: 'db' }, state: 'running', pid, version: '1.0.0', generation: 1, port: await t.portOf('db') },
    { name: { bundle: 'web' }, state: 'stopped', pid: null, version: null, readyAfterMs: null },
  ]);
  expect(services[0]?.readyAfterMs).toBeGreaterThan(0);
  expect(listeners.get(await t.portOf('db'))).toMatchObject({ pid, ours: { bundle: 'db', service: 'server' } });
  expect(listeners.get(await t.portOf('web'))).toMatchObject({ pid: process.pid, ours: null });
  expect([...unusableManagers]).toEqual([]);
});

test('knows a process of ours by what it was told, also when its record is lost', async () => {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.web('db', '1.0.0'));
  const port = await t.portOf('db');
  const code = `require('net').createServer().listen(${port}, '127.0.0.1', () => console.log('here'))`;
  const child = spawn(process.execPath, ['-e', code], {
    env: { PKG_ROOT: t.root, PKG_SERVICE: 'db/server' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const { listeners } = await factsOf(t, [port]);
  expect(listeners.get(port)).toMatchObject({ pid: child.pid, ours: { bundle: 'db', service: 'server' } });
});

test('looks at nothing of the machine where no bundle declares a service', async () => {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.bundle('plain', '1.0.0'));
  const { layout, generation } = readInstalled(t.root);
  expect(await gatherServices(layout, generation, [{ name: 'plain', version: '1.0.0' }])).toEqual({
    services: [],
    listeners: new Map(),
    unusableManagers: new Map(),
    foreignUnits: new Map(),
    dataFormats: new Map(),
  });
});
