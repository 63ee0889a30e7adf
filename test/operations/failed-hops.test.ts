import fs from 'node:fs';
import { expect, test } from 'vitest';
import { type Wish, workbench } from '../support/pkg.ts';

const MIGRATE = { 'bin/migrate': '#!/bin/sh\nexit 0\n' };

/** Each version reads what the one before it wrote, and nothing older: the way from 1.0.0 goes by 2.0.0. */
const reads = (format: number): Wish => ({
  files: MIGRATE,
  data: { directory: true, reads: [format], writes: format },
  upgrade: {
    up: [{ from: `${format - 1}.x`, steps: [{ migrate: 'bin/migrate' }] }],
    down: [{ to: `${format - 1}.x`, steps: [{ migrate: 'bin/migrate' }] }],
  },
});

test('a change over several versions that fails leaves only the newest of its generations to look at', async () => {
  const t = workbench();
  const first = await t.bundle('db', '1.0.0', { data: { directory: true, reads: [1], writes: 1 } });
  await t.ok('install', '-y', first);
  const check = { checks: [{ name: 'no', run: ['false'], when: ['switched'] }] };
  const ended = await t.pkg(
    'install',
    '-y',
    await t.bundle('db', '2.0.0', reads(2)),
    await t.bundle('db', '3.0.0', reads(3)),
    await t.bundle('db', '4.0.0', { ...reads(4), ...check }),
  );
  expect(ended.exit).toBe(7);
  expect(fs.readdirSync(t.at('generations')).toSorted()).toEqual(['1', '4']);
  const folders = fs.readdirSync(t.at('store/db')).filter((name) => !name.startsWith('.'));
  expect(folders.map((name) => name.split('-')[0]).toSorted()).toEqual(['1.0.0', '4.0.0']);
  expect((await t.ok('verify', '--all', '--json')).json.ok).toBe(true);
  expect(await t.installed()).toEqual(['db@1.0.0']);
});

test('a generation on the way that failed is nothing to go back to, whatever comes after it', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('db', '1.0.0', { data: { directory: true, reads: [1], writes: 1 } }));
  const check = { checks: [{ name: 'no', run: ['false'], when: ['switched'] }] };
  const ended = await t.pkg(
    'install',
    '-y',
    await t.bundle('db', '2.0.0', { ...reads(2), ...check }),
    await t.bundle('db', '3.0.0', reads(3)),
  );
  expect(ended.exit).toBe(7);
  expect(fs.readdirSync(t.at('generations')).toSorted()).toEqual(['1', '2']);
  fs.rmSync(t.at('current'));
  expect((await t.ok('recover')).err).toContain('current points to generation 1 again');
  await t.ok('install', '-y', await t.bundle('other', '1.0.0'));
  await t.ok('rollback', '-y');
  expect(await t.installed()).toEqual(['db@1.0.0']);
});
