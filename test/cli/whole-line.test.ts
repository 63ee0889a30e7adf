import { describe, expect, test } from 'vitest';
import { wholeLine } from '../../src/cli/whole-line.ts';
import { holdLock } from '../support/hold-lock.ts';
import { workbench } from '../support/pkg.ts';

describe('an option that is told to be given', () => {
  const install = ['--root', '/srv/the root', 'install', './web.tgz'];

  test.each([
    [
      'if that is meant: --one-way',
      install,
      "if that is meant: pkg --root '/srv/the root' install ./web.tgz --one-way",
    ],
    ['to wait for it: --wait=5m', ['gc'], 'to wait for it: pkg gc --wait=5m'],
    // What can be given once takes the place of what was given.
    [
      'at least: --max-class restart',
      ['upgrade', '--max-class', 'hot', 'a'],
      'at least: pkg upgrade --max-class restart a',
    ],
    ['at least: --max-class restart', ['upgrade', '--max-class=hot'], 'at least: pkg upgrade --max-class=restart'],
    ['to wait for it: --wait=5m', ['gc', '--wait'], 'to wait for it: pkg gc --wait=5m'],
    // What can be repeated comes as well.
    [
      'or: --accept-data-loss a --accept-data-loss b',
      ['upgrade', '--accept-data-loss', 'c'],
      'or: pkg upgrade --accept-data-loss c --accept-data-loss a --accept-data-loss b',
    ],
    ['or: --yes', ['service', 'start', 'web', '--', '--debug'], 'or: pkg service start web --yes -- --debug'],
    // Not an option of this command, no option, or a line that is not for other eyes.
    ['or: --skip-check a/b', ['apply', 'plan.json'], 'or: --skip-check a/b'],
    ['leave out --purge', install, 'leave out --purge'],
    ['it is --yes that does it', install, 'it is --yes that does it'],
    ['or: --yes', ['install', 'web', '--set', 'web.password=open'], 'or: --yes'],
    ['or: --yes', ['install', 'web', '--set=web.password=open'], 'or: --yes'],
    ['or: --yes', ['settings', 'set', 'web', 'password=open'], 'or: --yes'],
  ])('%s, after %j', (hint, words, told) => {
    expect(wholeLine(hint, words)).toBe(told);
  });

  test('is told as the whole line, in text and in JSON, and that line does it', async () => {
    const t = workbench();
    const archive = await t.bundle('web', '1.0.0');
    const { error } = await t.pkg('install', archive, '--json');
    expect(error.hint).toBe(`if that is meant: pkg install ${archive} --json --yes`);
    await t.ok('install', archive, '--json', '--yes');

    await t.ok('windows', 'add', 'leap', '0 0 29 2 *', '1h', '--zone', 'UTC');
    const refused = await t.pkg('install', '-y', await t.bundle('web', '2.0.0'));
    expect(refused.err).toMatch(/hint: .*: pkg install -y \S+web-2\.0\.0\.tgz --ignore-window\n/);
  });

  test('is told to whom the lock is in the way', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    await holdLock(t.at('lock'));
    const { exit, err } = await t.pkg('pin', 'a');
    expect({ exit, err }).toEqual({
      exit: 4,
      err: expect.stringContaining('hint: to wait for it: pkg pin a --wait=5m\n'),
    });
  });

  test('of a stale plan is the command that made it', async () => {
    const t = workbench();
    const plan = `${t.home}/the plan.json`;
    const archive = await t.bundle('a', '1.0.0');
    await t.ok('plan', 'install', archive, '-o', plan);
    await t.ok('install', '-y', await t.bundle('b', '1.0.0'));
    const { error } = await t.pkg('apply', '-y', plan, '--json');
    expect(error.hint).toBe(`make it again: pkg plan install ${archive} -o '${plan}'`);
  });
});
