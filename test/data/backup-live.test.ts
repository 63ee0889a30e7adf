import { expect, test } from 'vitest';
import { serviceBench } from '../operations/service-bench.ts';
import { fillOddly, lookAt, RUINOUS } from './odd-data.ts';

const WAY = [{ stop: 'server' }, { backup: true }, { migrate: 'bin/migrate', irreversible: true }, { start: 'server' }];

test('a new version that does not come up after its migration leaves the old one running on the data it had', async () => {
  const t = await serviceBench();
  const data = { directory: true };
  await t.ok('install', '-y', await t.web('db', '1.0.0', {}, { data }));
  await t.ok('service', 'start', 'db');
  fillOddly(t.at('data/db'));
  const before = lookAt(t.at('data/db'));
  const files = { 'bin/migrate': RUINOUS, 'server.js': 'process.exit(3);\n' };
  const upgrade = { up: [{ from: '1.x', steps: WAY }] };
  const failed = await t.pkg('install', '-y', '--json', await t.web('db', '2.0.0', {}, { data, files, upgrade }));
  expect(failed.json).toMatchObject({ outcome: 'undone' });
  expect((await t.ask('db')).version).toBe('1.0.0');
  expect(lookAt(t.at('data/db'))).toEqual(before);
  expect(await t.states()).toEqual(['db/server running']);
});
