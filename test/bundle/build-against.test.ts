import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { packBundle } from '../../src/bundle/index.ts';
import { PkgError } from '../../src/error.ts';
import type { Manifest } from '../../src/model/index.ts';
import { HOOKS, sourceFolder } from './temporary.ts';

type Keys = Readonly<Record<string, unknown>>;

const web = { start: ['server'], control: 'ctl' };
const QUIET = [{ suspend: 'web' }, { resume: 'web' }];
const MIGRATE = [{ stop: 'web' }, { migrate: 'convert' }, { start: 'web' }];

/** What a build of app 2.0.0 says about earlier bundles: `mistake: …` or `warning: …`. */
async function told(keys: Keys, ...against: readonly Manifest[]): Promise<readonly string[]> {
  const manifest = { name: 'app', version: '2.0.0', services: { web }, ...keys };
  const folder = sourceFolder(JSON.stringify(manifest, null, 2), {});
  try {
    const { warnings } = await packBundle({
      folder,
      outDir: join(dirname(folder), 'out'),
      hookLibrary: HOOKS,
      against,
    });
    return warnings.map((warning) => `warning: ${warning}`);
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    const blocks = error.details as readonly string[];
    return blocks.map((block) => `mistake: ${block.split('\n')[0]?.replace(/^\S+bundle\.json:/, '')}`);
  }
}

function app(version: string, keys: Partial<Manifest> = {}): Manifest {
  return { name: 'app', version, services: { web }, ...keys };
}

function both(range: string, steps: readonly Keys[]): Keys {
  return { upgrade: { up: [{ from: range, steps }], down: [{ to: range, steps }] } };
}

test('a bundle whose ways fit the earlier ones builds without a word', async () => {
  expect(await told(both('1.x', QUIET), app('1.0.0'), app('1.1.0'))).toEqual([]);
});

test('a range beside a version that it misses is a mistake', async () => {
  expect(await told(both('1.1.x', QUIET), app('1.0.0'))).toEqual([
    "mistake: 15:17 range-without-version: upgrade.up '1.1.x' holds none of the versions given: 1.0.0",
    "mistake: 28:15 range-without-version: upgrade.down '1.1.x' holds none of the versions given: 1.0.0",
  ]);
});

test('a range for versions that were not given, and a version left to the default, are remarks', async () => {
  const up = [
    { from: '0.x', steps: [] },
    { from: '1.0.x', steps: [] },
  ];
  expect(await told({ upgrade: { up, down: [], default: { down: 'base' } } }, app('1.0.0'))).toEqual([
    "warning: range-without-version: upgrade.up '0.x' holds none of the versions given: 1.0.0",
    'warning: version-without-path: no way is declared down to 1.0.0, so the default is taken: base',
  ]);
});

test('a service that did not exist there cannot be told anything', async () => {
  expect(await told(both('1.x', QUIET), app('1.0.0', { services: {} }))).toEqual([
    "mistake: 18:24 no-such-service: there is no 'web' in app 1.0.0",
    "mistake: 31:24 no-such-service: there is no 'web' in app 1.0.0",
  ]);
});

test('data that could not be read is found in both directions', async () => {
  const data = { reads: [2], writes: 2 };
  const old = app('1.0.0', { data: { writes: 1 } });
  expect(await told({ data, ...both('1.x', QUIET) }, old)).toEqual([
    expect.stringContaining(
      'data-up-gap: app 2.0.0 reads data format 2, but app 1.0.0 writes 1, and the way up does not',
    ),
    expect.stringContaining(
      'data-down-gap: app 1.0.0 reads data format 1, but app 2.0.0 writes 2, and the way down does',
    ),
  ]);
  expect(await told({ data, ...both('1.x', MIGRATE) }, old)).toEqual([]);
  expect(await told({ data }, old)).toEqual([expect.stringContaining('data-up-gap')]);
  const between = app('1.5.0', { data: { reads: [1, 2], writes: 2 } });
  expect(await told({ data }, old, between)).toEqual([]);
});

test('a bundle of another name or a later version is no earlier one', async () => {
  expect(await told({}, app('2.0.0'))).toEqual(['warning: app 2.0.0 is not earlier than 2.0.0']);
  expect(await told({}, { ...app('1.0.0'), name: 'perl' })).toEqual(['mistake: 2:11 perl 1.0.0 is another bundle']);
});
