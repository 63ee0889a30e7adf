import { expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';

test('every changing command ends with a result that says how it ended, what is live, and what changed', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  const changing = [
    ['pin', 'web'],
    ['unpin', 'web'],
    ['tag', 'good'],
    ['tag', '--delete', 'good'],
    ['gc'],
    ['recover'],
    ['windows', 'add', 'night', '0 3 * * *', '2h'],
    ['windows', 'remove', 'night'],
    ['notify', 'add', 'chat', '--', '/bin/true'],
    ['notify', 'remove', 'chat'],
    ['maintenance', 'on', 'web'],
    ['maintenance', 'off', 'web'],
    ['service', 'start', '--all'],
    ['upgrade'],
    ['remove', 'web', '--dry-run'],
  ];
  for (const words of changing)
    expect((await t.ok('--json', ...words)).json, words.join(' ')).toMatchObject({
      formatVersion: '1',
      event: 'result',
      outcome: expect.stringMatching(/^(committed|nothing-to-do)$/),
      generation: 1,
      changes: expect.any(Array),
    });
});

test('what was refused is told in the result, too, however early it was found', async () => {
  const t = workbench();
  const archive = await t.bundle('web', '1.0.0');
  for (const [words, code] of [
    [['install', archive], 'needs-yes'],
    [['install', './absent.tgz', '-y'], 'no-such-file'],
    [['remove', '-y'], 'usage'],
    [['commit'], 'no-trial'],
    [['remove', 'nobody', '-y'], 'not-installed'],
  ] as const) {
    const { events } = await t.pkg(...words, '--json');
    const [error, result] = events.slice(-2);
    expect(error, code).toMatchObject({ event: 'error', code, message: expect.any(String), hint: expect.any(String) });
    expect(error).toHaveProperty('details');
    expect(result, code).toMatchObject({
      event: 'result',
      outcome: 'refused',
      refusal: { code, message: error.message, hint: error.hint, causes: [{ message: error.message }] },
    });
  }
});

test('a plan that cannot be made is one document, as every answer of a command that only looks', async () => {
  const t = workbench();
  const looking = [
    ['plan', 'install', './absent.tgz'],
    ['plan', 'sideways'],
    ['notify', 'test', 'nobody'],
    ['info', 'x'],
  ];
  for (const words of looking) {
    const { events } = await t.pkg(...words, '--json');
    expect(events, words.join(' ')).toMatchObject([{ event: 'error', hint: expect.any(String), details: null }]);
  }
});

test('what is not there is not found by who looks (1), and refused to who would change it (3)', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  for (const [exit, words] of [
    [1, ['info', 'nobody']],
    [1, ['diff', '77']],
    [1, ['exec', '--generation', 'x', '--', 'true']],
    [3, ['tag', 'x', '77']],
    [3, ['windows', 'remove', 'x']],
    [3, ['maintenance', 'off', 'nobody']],
    [3, ['plan', 'rollback', '77']],
  ] as const)
    expect((await t.pkg(...words)).exit, words.join(' ')).toBe(exit);
});

test('an archive that came through stdin is called - wherever it is told of', async () => {
  const t = workbench();
  const { events } = await t.run(['install', '-', '-y', '--json'], { input: 'no archive' });
  const message = 'cannot use archive -: it is not compressed with gzip (not-gzip)';
  expect(events.at(-1).refusal).toMatchObject({ message, causes: [{ message }] });
});

test('a refusal names the root again where it was named', async () => {
  const t = workbench();
  const { events } = await t.pkg('commit', '--root', t.root, '--json');
  expect(events.at(-1).refusal.hint).toBe(`pkg --root ${t.root} status`);
});
