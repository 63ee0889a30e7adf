import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { PROGRAM, workbench } from '../support/pkg.ts';

const NOBODY = 65_534;
const STRANGER = 61_234;

/** A root of nobody that went from web 1.0.0 to 2.0.0; `tool` is a program of both. */
async function rootOfNobody() {
  const t = workbench();
  fs.chmodSync(t.home, 0o777);
  const env = { PATH: process.env.PATH, HOME: t.home, PKG_ROOT: t.root };
  const pkg = (...words: readonly string[]) =>
    spawnSync(process.execPath, [PROGRAM, ...words], { encoding: 'utf8', env, uid: NOBODY, gid: NOBODY });
  for (const version of ['1.0.0', '2.0.0']) {
    const archive = await t.bundle('web', version, { files: { 'bin/tool': '#!/bin/sh\nwhile :; do sleep 1; done\n' } });
    const { status, stderr } = pkg('install', '-y', archive);
    if (status !== 0) throw new Error(stderr);
  }
  const old = fs.realpathSync(t.at('generations/1/bundles/web'));
  return { ...t, pkg, old };
}

/** Started by root, as `uid`; ended with the test. */
async function runs(
  file: string,
  args: readonly string[],
  how: { readonly uid?: number; readonly cwd?: string },
): Promise<ChildProcess> {
  const child = spawn(file, args, {
    ...how,
    ...(how.uid === undefined ? {} : { gid: how.uid }),
    stdio: 'ignore',
    detached: true,
  });
  await once(child, 'spawn');
  onTestFinished(async () => {
    const gone = once(child, 'exit');
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await gone;
  });
  return child;
}

describe('gc of a user who is not root', () => {
  needs('root');

  test('is not held up for ever by processes of root, which are on every machine', async () => {
    const { pkg, root, old } = await rootOfNobody();
    fs.chmodSync(root, 0o700);
    const { status, stdout, stderr } = pkg('gc', '--keep', '1');
    expect({ status, stdout }, stderr).toEqual({ status: 0, stdout: 'generation 1\nweb 1.0.0\n' });
    expect(fs.existsSync(old)).toBe(false);
  });

  test('leaves what a process of another user may run from, and says so; not where permission keeps it out', async () => {
    const { pkg, root, old } = await rootOfNobody();
    const { pid } = await runs('/bin/sleep', ['77'], { uid: STRANGER, cwd: '/' });
    const seen = JSON.parse(pkg('gc', '--keep', '1', '--dry-run', '--json').stdout.trim().split('\n').at(-1) ?? '');
    expect(seen.held[0].by).toContainEqual({ pid, words: '/bin/sleep 77', isSeen: false });
    const held = pkg('gc', '--keep', '1');
    expect(held.stderr).toContain('kept: web 1.0.0, used by ');
    expect(held.stderr).toContain('chmod go-x');
    expect(fs.existsSync(old)).toBe(true);
    fs.chmodSync(root, 0o700);
    const freed = pkg('gc', '--keep', '1');
    expect(freed.status, freed.stderr).toBe(0);
    expect(fs.existsSync(old)).toBe(false);
  });

  test.each([
    ['by its path', (old: string) => [path.join(old, 'bin/tool'), { cwd: '/' }] as const],
    ['by a way from where it works', (old: string) => ['bin/tool', { cwd: old }] as const],
  ])('leaves what root runs, named %s', async (_, how) => {
    const { pkg, root, old } = await rootOfNobody();
    fs.chmodSync(root, 0o700);
    const [word, where] = how(old);
    const { pid } = await runs('/bin/sh', [word], where);
    const { stderr, stdout } = pkg('gc', '--keep', '1', '--json');
    expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '').held, stderr).toMatchObject([
      { name: 'web', version: '1.0.0', by: [{ pid, isSeen: false }] },
    ]);
    expect(fs.existsSync(old)).toBe(true);
  });
});
