import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { PROGRAM, type Workbench, workbench } from '../support/pkg.ts';

const NOBODY = 65_534;

describe('a root of another user', () => {
  needs('root');
  let t: Workbench;
  let next: string;

  beforeEach(async () => {
    t = workbench();
    fs.chmodSync(t.home, 0o777);
    const first = asNobody(t, 'install', '-y', await t.bundle('web', '1.0.0'));
    if (first.status !== 0) throw new Error(first.stderr);
    next = await t.bundle('web', '2.0.0');
  });

  const owners = (): ReadonlySet<number> => {
    const names = fs.readdirSync(t.root, { recursive: true, encoding: 'utf8' });
    return new Set(names.map((name) => fs.lstatSync(path.join(t.root, name)).uid));
  };

  test('is not changed by root, who is told how, and nothing of root is left there', async () => {
    const changes = [
      ['install', '-y', next],
      ['gc'],
      ['pin', 'web@1.0.0'],
      ['verify', '--repair'],
      ['service', 'stop', '--all'],
      ['recover'],
    ];
    for (const words of changes) {
      const { exit, error, err } = await t.pkg(...words, '--json');
      expect({ exit, code: error?.code }, `${words.join(' ')}: ${err}`).toEqual({ exit: 3, code: 'other-owner' });
      expect(error.hint).toBe(`sudo -u nobody pkg --root ${t.root} ${words.join(' ')} --json`);
    }
    expect([...owners()]).toEqual([NOBODY]);
    expect(asNobody(t, 'install', '-y', next).status).toBe(0);
  });

  test('is looked at by everyone who may', async () => {
    for (const words of [['list'], ['status'], ['history'], ['verify'], ['gc', '--dry-run'], ['plan', 'install', next]])
      await t.ok(...words);
    expect([...owners()]).toEqual([NOBODY]);
  });

  test('is not recovered by root either: its hooks are not for root to run', async () => {
    fs.rmSync(t.at('root.json'));
    expect((await t.pkg('recover')).err).toContain('error[other-owner]');
    expect(t.exists('root.json')).toBe(false);
    expect(asNobody(t, 'recover').status).toBe(0);
    expect([...owners()]).toEqual([NOBODY]);
  });
});

describe('a root of root', () => {
  needs('root');

  test('is looked at by others as far as they may, and they are told what only its owner sees', async () => {
    const t = workbench();
    fs.chmodSync(t.home, 0o755);
    const services = { s: { start: ['/bin/sleep', '1'], autostart: false } };
    await t.ok('install', '-y', await t.bundle('web', '1.0.0', { services }));
    await t.ok('install', '-y', await t.bundle('web', '2.0.0', { services }));

    const text = asNobody(t, 'status');
    expect(text).toMatchObject({ status: 0, stderr: '' });
    expect(text.stdout).toMatch(/^live +generation 2$/m);
    expect(text.stdout).toContain(
      `not shown   ${t.at('transactions')}, ${t.at('run')}: only the owner of this root may read them`,
    );
    expect(JSON.parse(asNobody(t, 'status', '--json').stdout)).toMatchObject({
      generation: 2,
      outcome: null,
      bundles: [{ name: 'web', version: '2.0.0' }],
      services: [],
      openTransaction: null,
      keptGenerations: [1, 2],
      unread: [t.at('transactions'), t.at('run')],
    });
    expect((await t.ok('status', '--json')).json).toMatchObject({ outcome: 'good', unread: [] });
    for (const words of [['list', '--all'], ['info', 'web'], ['why', 'web'], ['files', 'web'], ['diff']])
      expect(asNobody(t, ...words), words.join(' ')).toMatchObject({ status: 0 });

    for (const [words, file] of [
      [['history'], 'transactions'],
      [['history', '1'], 'transactions'],
      [['verify'], 'generations/2/settings.json'],
      [['settings', 'list'], 'generations/2/settings.json'],
      [['service', 'status'], 'run/web.s.json'],
      [['plan', 'rollback'], 'transactions'],
    ] as const) {
      const { status, stderr } = asNobody(t, ...words);
      expect({ status, stderr }, words.join(' ')).toEqual({
        status: 1,
        stderr: `error[system-failed]: only root may read ${t.at(file)}\nhint: sudo -u root pkg --root ${t.root} ${words.join(' ')}\n`,
      });
    }
  });

  test('in a folder that is closed to others is no crash for them', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
    for (const words of [['list'], ['status'], ['recover'], ['gc']]) {
      const { status, stderr } = asNobody(t, ...words);
      expect({ words, status }).toEqual({ words, status: 1 });
      expect(stderr).toContain(`error[system-failed]: only root may read ${t.at('root.json')}\n`);
      expect(stderr).toContain(`hint: sudo -u root pkg --root ${t.root} ${words.join(' ')}\n`);
    }
    const change = asNobody(t, 'remove', '-y', 'web');
    expect(change).toMatchObject({ status: 3, stderr: expect.stringContaining('error[other-owner]') });
    expect(change.stderr, 'nobody here knows what is installed').toMatch(/\nnothing was changed\n$/);
  });

  test('is not changed by others, who are told whose it is', async () => {
    const t = workbench();
    fs.chmodSync(t.home, 0o755);
    await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
    const { status, stderr } = asNobody(t, 'gc');
    expect({ status, stderr }).toMatchObject({
      status: 3,
      stderr: expect.stringContaining(`${t.root} belongs to root`),
    });
  });
});

function asNobody({ home, root }: Workbench, ...words: readonly string[]) {
  const env = { PATH: process.env.PATH, HOME: home, PKG_ROOT: root };
  return spawnSync(process.execPath, [PROGRAM, ...words], { encoding: 'utf8', env, uid: NOBODY, gid: NOBODY });
}
