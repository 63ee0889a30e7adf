import fs from 'node:fs';
import { expect, test } from 'vitest';
import { beginDrain } from '../../src/traffic/index.ts';
import { type ServiceBench, serviceBench } from './service-bench.ts';

/** Versions of `web` in a row, whose running service each upgrade leaves alone. */
async function upgraded(t: ServiceBench, versions: readonly string[]): Promise<void> {
  for (const version of versions) await t.ok('install', '-y', await t.web('web', version, { onUpgrade: 'none' }));
}

test('the generation and bundle of what runs are kept, and go when it is stopped', async () => {
  const t = await serviceBench();
  await upgraded(t, ['1.0.0']);
  await t.ok('service', 'start', 'web');
  const folder = fs.realpathSync(t.at('current/bundles/web'));
  await upgraded(t, ['1.1.0', '1.2.0', '1.3.0', '1.4.0']);
  await t.ok('gc', '--keep', '1');
  expect(fs.readdirSync(t.at('generations')).toSorted()).toEqual(['1', '5']);
  expect(fs.existsSync(`${folder}/server.js`)).toBe(true);
  await t.ok('service', 'stop', 'web');
  await t.ok('gc', '--keep', '1');
  expect(fs.readdirSync(t.at('generations'))).toEqual(['5']);
});

test('a removed bundle leaves record and log until no kept generation had it', async () => {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.web('web', '1.0.0'), await t.bundle('other', '1.0.0'));
  await t.ok('service', 'start', 'web');
  await t.ok('service', 'stop', 'web');
  await t.ok('remove', '-y', 'web');
  expect(t.read('log/web.server.log')).toContain('listening as 1.0.0');
  expect(t.exists('run/web.server.json')).toBe(true);
  expect((await t.ok('verify', '--json')).json.warnings).toEqual([]);
  fs.writeFileSync(t.at('log/web.server.log.1'), 'older\n');
  await t.ok('gc', '--keep', '1');
  expect(fs.readdirSync(t.at('log'))).toEqual([]);
  expect(t.exists('run/web.server.json')).toBe(false);
});

test('what a drain of a removed service left goes as well', async () => {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.web('web', '1.0.0'), await t.bundle('other', '1.0.0'));
  const drain = beginDrain({ bundle: 'web', service: 'server' }, null);
  fs.writeFileSync(t.at('run/web.server~drained.json'), JSON.stringify(drain));
  await t.ok('remove', '-y', 'web');
  expect(fs.readdirSync(t.at('run'))).toEqual(['web.server~drained.json']);
  await t.ok('gc', '--keep', '1');
  expect(fs.readdirSync(t.at('run'))).toEqual([]);
});

test('a removal that is gone back from leaves disabled what was disabled; with --purge nothing is remembered', async () => {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.web('web', '1.0.0', { autostart: true }));
  await t.ok('service', 'disable', 'web');
  await t.ok('remove', '-y', '--all', '--stop');
  await t.ok('rollback', '-y');
  expect((await t.ok('status', '--json')).json.services).toMatchObject([{ name: 'server', enabled: false }]);
  await t.ok('remove', '-y', '--all', '--stop', '--purge');
  expect(fs.readdirSync(t.at('run'))).toEqual([]);
});

test('verify mentions a record that names no service', async () => {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.web('web', '1.0.0'));
  await t.ok('service', 'start', 'web');
  fs.copyFileSync(t.at('run/web.server.json'), t.at('run/gone.server.json'));
  const { json } = await t.ok('verify', '--json');
  expect(json).toMatchObject({ ok: true, warnings: [{ path: 'run/gone.server.json', change: 'extra' }] });
});
