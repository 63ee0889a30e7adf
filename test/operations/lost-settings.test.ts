import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { removeTree } from '../../src/system/index.ts';
import { type Wish, type Workbench, workbench } from '../support/pkg.ts';

/** `web` whose port was set to 81 (generation 2) and 82 (generation 3), and another bundle to install. */
async function answered(): Promise<{ readonly t: Workbench; readonly other: string }> {
  const t = workbench();
  const settings = { port: { type: 'number', default: 80 } };
  await t.ok('install', '-y', await t.bundle('web', '1.0.0', { settings }));
  for (const port of ['81', '82']) await t.ok('settings', 'set', 'web', `port=${port}`, '-y');
  return { t, other: await t.bundle('other', '1.0.0') };
}

const portOf = (t: Workbench): number => JSON.parse(t.read('current/settings.json')).web.port;

describe('settings of an older generation that are lost', () => {
  test.each([
    ['cut in half', (file: string) => fs.truncateSync(file, 9)],
    ['gone', (file: string) => fs.rmSync(file)],
  ])('%s: what does not build on them goes on, and nobody goes back there', async (_, strike) => {
    const { t, other } = await answered();
    strike(t.at('generations/2/settings.json'));
    await t.ok('install', '-y', other);
    expect(portOf(t)).toBe(82);
    const { exit, err } = await t.pkg('rollback', '2', '-y');
    expect(exit).toBe(5);
    expect(err).toContain('the settings of web in generation 2 are lost');
    expect(portOf(t)).toBe(82);
  });
});

describe('settings of the live generation that are lost', () => {
  test.each([
    ['cut in half', (file: string) => fs.truncateSync(file, 9)],
    ['gone', (file: string) => fs.rmSync(file)],
    ['without those of the bundle', (file: string) => fs.writeFileSync(file, '{}\n')],
  ])('%s: no change begins with defaults, and a rollback goes to those that are whole', async (_, strike) => {
    const { t, other } = await answered();
    strike(t.at('generations/3/settings.json'));
    const { exit, err } = await t.pkg('install', '-y', other);
    expect(exit).toBe(5);
    expect(err).toContain('the settings of web in generation 3 are lost');
    expect(err).toContain('pkg rollback');
    await t.ok('rollback', '2', '-y');
    expect(portOf(t)).toBe(81);
  });
});

test('a sum of settings that was cut hides no settings that are whole, and is written again', async () => {
  const { t } = await answered();
  fs.truncateSync(t.at('generations/3/settings.sum'), 20);
  expect((await t.pkg('verify', '--all')).out).toContain('generations/3/settings.sum');
  await t.ok('verify', '--all', '--repair');
  expect(t.read('generations/3/settings.sum')).toMatch(/^[0-9a-f]{64}\n$/);
  expect(portOf(t)).toBe(82);
});

describe('of the only generation, lost settings', () => {
  test('are not replaced with defaults in a hook, a listing or a repaired file', async () => {
    const t = await configured();
    t.lose();
    const removed = await t.pkg('remove', '-y', '--purge', 'n');
    expect(removed.exit).toBe(5);
    expect(removed.err).toContain('the settings of n in generation 1 are lost, and its hooks need them');
    expect(t.toldToHooks()).toEqual([]);
    const listed = await t.pkg('settings', 'list', 'n');
    expect([listed.exit, listed.out]).toEqual([5, '']);
    for (const name of fs.readdirSync(t.at('config/n'))) removeTree(t.at('config/n', name));
    const repaired = await t.pkg('verify', '--repair', '-y');
    expect(repaired.exit).not.toBe(0);
    expect(repaired.out).toMatch(/missing +n: config\/n\/1\n/);
    expect(t.exists('current/etc/n/n.conf')).toBe(false);
  });

  test('are given anew, even if they are the defaults; before that the root is said to be damaged', async () => {
    const t = await configured();
    const plan = path.join(t.home, 'plan.json');
    t.lose();
    const refused = await t.pkg('remove', 'y', '-y', '--json');
    expect(refused.exit).toBe(5);
    expect(JSON.parse(refused.out.trim().split('\n').at(-1) ?? '')).toMatchObject({
      outcome: 'needs-recovery',
      refusal: { code: 'root-damaged', hint: 'give all of them anew: pkg settings set n db=VALUE' },
    });
    await t.ok('settings', 'set', '-y', 'n', 'db=shop');
    expect(t.read('current/etc/n/n.conf')).toBe('db shop\n');
    expect((await t.ok('settings', 'list', 'n')).out).toContain('shop');
    await t.ok('plan', 'remove', 'n', '-o', plan);
    await t.ok('apply', plan, '-y');
    expect(t.toldToHooks()).toEqual(['preremove shop']);
  });

  test('do not stop a stored plan that takes away whoever had them', async () => {
    const t = workbench();
    const plan = path.join(t.home, 'plan.json');
    await t.ok('install', '-y', '--set', 'n.db=real', await t.bundle('n', '1.0.0', { settings: DB }));
    await t.ok('plan', 'remove', 'n', '-o', plan);
    fs.rmSync(t.at('generations/1/settings.json'));
    await t.ok('apply', plan, '-y');
    expect(await t.installed()).toEqual([]);
  });

  test('start no service', async () => {
    const t = workbench();
    const server = '#!/bin/sh\nexec sleep 1000\n';
    const services = { s: { start: ['bin/s', '${setting.db}'], autostart: false } };
    const wish: Wish = { settings: DB, services, files: { 'bin/s': server } };
    await t.ok('install', '-y', '--set', 'n.db=real', await t.bundle('n', '1.0.0', wish));
    fs.rmSync(t.at('generations/1/settings.json'));
    const { exit, err } = await t.pkg('service', 'start', 'n');
    expect(exit).toBe(5);
    expect(err).toContain('the settings of n in generation 1 are lost');
    expect(err).toContain('pkg settings set n KEY=VALUE');
  });
});

const DB = { db: { type: 'string', default: 'shop' } } as const;

/** `n` with the answer `real` in its configuration and its hooks, and another bundle. */
async function configured() {
  const t = workbench();
  const told = path.join(t.home, 'told');
  const n: Wish = {
    settings: DB,
    config: [{ path: 'etc/n.conf', template: true }],
    files: { 'etc/n.conf': 'db {{setting.db}}\n' },
    hooks: { preremove: `echo "preremove $PKG_SETTING_DB" >> ${told}` },
  };
  await t.ok('install', '-y', '--set', 'n.db=real', await t.bundle('n', '1.0.0', n), await t.bundle('y', '1.0.0'));
  return {
    ...t,
    lose: () => fs.rmSync(t.at('generations/1/settings.json')),
    toldToHooks: (): readonly string[] => (fs.existsSync(told) ? fs.readFileSync(told, 'utf8').trim().split('\n') : []),
  };
}
