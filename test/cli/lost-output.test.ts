import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { PROGRAM, type Workbench, workbench } from '../support/pkg.ts';

/** Runs `pkg` with its stdout on a full disk. */
function onFullDisk(t: Workbench, words: readonly string[]) {
  const { status, stderr } = spawnSync(
    'sh',
    ['-c', 'exec "$@" >/dev/full', 'sh', process.execPath, PROGRAM, ...words],
    {
      cwd: t.home,
      env: { PATH: process.env.PATH, HOME: t.home, PKG_ROOT: t.root },
      encoding: 'utf8',
    },
  );
  return { exit: status, err: stderr };
}

test('a reading command whose answer cannot be written has failed', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
  for (const words of [['list'], ['list', '--json'], ['build', t.source('a', '2.0.0')], ['plan', 'remove', 'a']]) {
    const { exit, err } = onFullDisk(t, words);
    expect(exit, words.join(' ')).toBe(1);
    expect(err).toMatch(/error\[system-failed\]: cannot write to stdout: .*ENOSPC/);
  }
});

test('a change that cannot be told has happened all the same', async () => {
  const t = workbench();
  const { exit, err } = onFullDisk(t, ['install', '-y', await t.bundle('a', '1.0.0'), '--json']);
  expect(exit).toBe(0);
  expect(err).toMatch(/warning: cannot write to stdout: .*ENOSPC/);
  expect(await t.installed()).toEqual(['a@1.0.0']);
});

test('whoever closes the pipe has read enough', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
  const script = `{ "${process.execPath}" "${PROGRAM}" explain; echo "exit $?" >&2; } | true`;
  const env = { PATH: process.env.PATH, HOME: t.home, PKG_ROOT: t.root };
  expect(spawnSync('sh', ['-c', script], { env, encoding: 'utf8' }).stderr).toBe('exit 0\n');
});
