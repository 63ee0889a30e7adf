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
