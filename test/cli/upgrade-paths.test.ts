import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';

type Bench = ReturnType<typeof workbench>;

/** A version that only migrates from the one before it, and tells where it was asked to. */
async function migrating(t: Bench, version: number): Promise<string> {
  const files = { 'bin/migrate': `#!/bin/sh\necho "$@" >> '${t.home}/told'\n` };
  const steps = [{ migrate: 'bin/migrate' }];
  const older = `${version - 1}.x`;
  return t.bundle('db', `${version}.0.0`, {
    files,
    data: { directory: true, reads: [version], writes: version },
    upgrade: { up: [{ from: older, steps }], down: [{ to: older, steps }] },
  });
}

function told(t: Bench): readonly string[] {
  return fs.readFileSync(path.join(t.home, 'told'), 'utf8').trim().split('\n');
}

describe('a way over several versions', () => {
  test('is one change, up and down, and every version on it migrates', async () => {
    const t = workbench();
    const [first = '', ...others] = await Promise.all([1, 2, 3].map((version) => migrating(t, version)));
    await t.ok('install', '-y', first);
    const alone = await t.pkg('install', '-y', others[1] ?? '', '--json');
    expect(alone).toMatchObject({ exit: 3, error: { code: 'data-loss' } });
    await t.ok('install', '-y', ...others);
    expect(await t.installed()).toEqual(['db@3.0.0']);
    expect(told(t)).toEqual(['up 1.0.0 2.0.0', 'up 2.0.0 3.0.0']);
    const { json } = await t.ok('history', '--json');
    expect(json.transactions).toHaveLength(2);
  });

  test('fails as a whole: the versions before it are migrated back', async () => {
    const t = workbench();
    await t.ok('install', '-y', await migrating(t, 1));
    const third = await t.bundle('db', '3.0.0', {
      files: { 'bin/migrate': '#!/bin/sh\n[ "$1" = down ]\n' },
      data: { directory: true, reads: [3], writes: 3 },
      upgrade: { up: [{ from: '2.x', steps: [{ migrate: 'bin/migrate' }] }] },
    });
    const failed = await t.pkg('install', '-y', await migrating(t, 2), third, '--json');
    expect(failed).toMatchObject({ exit: 1, error: { code: 'step-failed' } });
    expect(told(t)).toEqual(['up 1.0.0 2.0.0', 'down 2.0.0 1.0.0']);
    expect(await t.installed()).toEqual(['db@1.0.0']);
    expect(fs.readlinkSync(t.at('current'))).toBe('generations/1');
  });

  test('is told by upgradable, with the way back', async () => {
    const t = workbench();
    const [first = '', second = '', third = ''] = await Promise.all([1, 2, 3].map((version) => migrating(t, version)));
    await t.ok('install', '-y', first);
    await t.ok('install', '-y', second);
    await t.ok('rollback', '-y');
    expect((await t.ok('upgradable', third)).out).toBe(
      'db 1.0.0 -> 3.0.0: yes, class none, by way of 2.0.0; back: yes, class none, by way of 2.0.0\n',
    );
  });
});

describe('build --against', () => {
  test('names the steps that the earlier versions have no place for, and takes several archives', async () => {
    const t = workbench();
    const old = [await t.bundle('web', '1.0.0'), await t.bundle('web', '1.1.0')];
    const services = { main: { start: ['true'] } };
    const upgrade = { up: [{ from: '1.x', steps: [{ restart: 'main' }] }] };
    const folder = t.source('web', '2.0.0', { services, upgrade });
    const failed = await t.pkg('build', folder, '-o', t.home, '--against', ...old);
    expect(failed.exit).toBe(2);
    expect(failed.err).toContain("no-such-service: there is no 'main' in web 1.0.0");
    expect(failed.err).toContain("no-such-service: there is no 'main' in web 1.1.0");
    expect(fs.existsSync(path.join(t.home, 'web-2.0.0.tgz'))).toBe(false);
    await t.ok('build', folder, '-o', t.home);
  });

  test('needs archives that are there, and one folder', async () => {
    const t = workbench();
    const folder = t.source('web', '2.0.0');
    expect(await t.pkg('build', folder, '--against', 'nowhere.tgz', '--json')).toMatchObject({
      exit: 2,
      error: { code: 'no-such-file' },
    });
    expect(await t.pkg('build', folder, folder, '--json')).toMatchObject({ exit: 2, error: { code: 'usage' } });
  });
});
