import fs from 'node:fs';
import { expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';

test('a command that changes nothing leaves no root behind', async () => {
  const t = workbench();
  const archive = await t.bundle('a', '1.0.0');
  for (const [exit, words] of [
    [2, ['install', archive]],
    [3, ['remove', 'a', '-y']],
    [0, ['unpin', 'a']],
    [3, ['tag', 'x']],
    [3, ['tag', '--delete', 'x']],
    [3, ['windows', 'remove', 'x']],
    [3, ['notify', 'remove', 'x']],
    [3, ['config', 'merge', 'a']],
    [0, ['gc']],
    [0, ['recover']],
  ] as const) {
    expect((await t.pkg(...words)).exit, words.join(' ')).toBe(exit);
    expect(fs.existsSync(t.root), words.join(' ')).toBe(false);
  }
});

test('what somebody asks for by a name is never there, and nobody says it was done', async () => {
  const t = workbench();
  for (const words of [
    ['config', 'list', 'a'],
    ['config', 'diff', 'a'],
    ['settings', 'list', 'a'],
    ['info', 'a'],
  ])
    expect(await t.pkg(...words, '--json'), words.join(' ')).toMatchObject({
      exit: 1,
      error: { code: 'unknown-name' },
    });
  for (const words of [
    ['maintenance', 'on'],
    ['maintenance', 'off'],
  ])
    expect((await t.ok(...words, '--json')).json, words.join(' ')).toMatchObject({ outcome: 'nothing-to-do' });
});

test('the first change of a root is shown and asked about once', async () => {
  const t = workbench();
  const { events } = await t.ok('install', '-y', '--json', await t.bundle('a', '1.0.0'));
  expect(events.filter(({ event }) => event === 'plan')).toHaveLength(1);
});
