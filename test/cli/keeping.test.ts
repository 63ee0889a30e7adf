import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Workbench, workbench } from '../support/pkg.ts';

async function versions(...numbers: readonly string[]): Promise<Workbench> {
  const t = workbench();
  for (const number of numbers) await t.ok('install', '-y', await t.bundle('a', number));
  return t;
}

describe('gc', () => {
  test('leaves as many good generations as asked for, and those that are tagged', async () => {
    const t = await versions('1.0.0', '2.0.0', '3.0.0');
    await t.ok('tag', 'first', '1');
    const looked = await t.ok('gc', '--keep', '1', '--dry-run', '--json');
    expect(looked.json).toMatchObject({ event: 'result', outcome: 'nothing-to-do', generations: [2] });
    expect(t.exists('generations/2')).toBe(true);

    const { json } = await t.ok('gc', '--keep', '1', '--json');
    expect(json).toMatchObject({
      event: 'result',
      outcome: 'committed',
      generations: [2],
      bundles: [{ name: 'a', version: '2.0.0' }],
    });
    expect(json.bytes).toBeGreaterThan(0);
    expect(fs.readdirSync(t.at('generations'))).toEqual(['1', '3']);
    expect(fs.readdirSync(t.at('archives'))).toHaveLength(2);
    expect((await t.ok('gc', '--keep', '1', '--json')).json.outcome).toBe('nothing-to-do');
    await t.ok('verify', '--all');
  });

  test('says in words what came free', async () => {
    const t = await versions('1.0.0', '2.0.0');
    const { lines, err } = await t.ok('gc', '--keep', '1');
    expect(lines).toEqual(['generation 1', 'a 1.0.0']);
    expect(err).toMatch(/^[\d.]+ kB came free\n$/);
    expect((await t.pkg('gc', '--keep', '0')).exit).toBe(2);
  });
});

test('with one generation to keep, no command is promised that would go back', async () => {
  const t = await versions('1.0.0');
  fs.writeFileSync(t.at('settings.json'), '{"keep":1}');
  const { json } = await t.ok('install', '-y', '--json', await t.bundle('a', '2.0.0'));
  expect(json).toMatchObject({ outcome: 'committed', generation: 2 });
  expect(json).not.toHaveProperty('wayBack');
  expect((await t.pkg('rollback', '-y')).exit).toBe(3);
});

test('what is kept already is nothing to do, and JSON says so', async () => {
  const t = await versions('1.0.0');
  for (const words of [
    ['pin', 'a'],
    ['tag', 'good'],
    ['windows', 'add', 'day', '* * * * *', '1h'],
    ['notify', 'add', 'chat', '--json', '--', '/bin/true'],
  ]) {
    const more = words.includes('--') ? [] : ['--json'];
    expect((await t.ok(...words, ...more)).json, words.join(' ')).toMatchObject({ outcome: 'committed' });
    expect((await t.ok(...words, ...more)).json, words.join(' ')).toMatchObject({ outcome: 'nothing-to-do' });
  }
});

describe('pin', () => {
  test('holds a bundle at its version until it is unpinned', async () => {
    const t = await versions('1.0.0');
    expect((await t.ok('pin', 'a')).lines).toEqual(['a 1.0.0']);
    const newer = await t.bundle('a', '2.0.0');
    expect(await t.pkg('install', '-y', newer, '--json')).toMatchObject({ exit: 3, error: { code: 'pinned' } });
    expect((await t.ok('unpin', 'a')).err).toContain('a may move again');
    await t.ok('install', '-y', newer);
    expect((await t.ok('unpin', 'a', '--json')).json).toMatchObject({ outcome: 'nothing-to-do' });
  });

  test('takes a range, also for what is not there yet', async () => {
    const t = await versions('1.0.0');
    await t.ok('pin', 'b@~5.8', 'a@1.x');
    expect((await t.ok('pin', '--json')).json.pins).toEqual({ a: '1.x', b: '~5.8' });
    expect(await t.pkg('pin', 'a@banana', '--json')).toMatchObject({ exit: 2, error: { code: 'usage' } });
    expect(await t.pkg('pin', 'aa', '--json')).toMatchObject({
      exit: 3,
      error: { code: 'not-installed', hint: 'did you mean: pkg pin a --json' },
    });
  });

  test('of a name that nobody has holds, but says so', async () => {
    const t = await versions('1.0.0');
    const words = 'no bundle b is installed or kept here; the pin holds once one comes';
    expect((await t.ok('pin', 'b@1.x', 'a')).err).toBe(`warning: ${words}\n`);
  });

  test('refuses what cannot be the name of a bundle', async () => {
    const t = await versions('1.0.0');
    for (const name of ['__proto__', 'A', '-'])
      expect((await t.pkg('pin', '--json', '--', `${name}@1.x`)).error, name).toMatchObject({
        code: 'usage',
        message: `'${name}' cannot be the name of a bundle`,
      });
    expect((await t.ok('unpin', '__proto__')).err).toContain('__proto__ was not pinned');
  });

  test('leaves what a newer pkg wrote into the policy', async () => {
    const t = await versions('1.0.0');
    fs.writeFileSync(t.at('settings.json'), '{"keep":5,"quotas":{"night":"22-6"}}');
    await t.ok('pin', 'a');
    await t.ok('tag', 'now');
    await t.ok('unpin', 'a');
    expect(JSON.parse(t.read('settings.json'))).toMatchObject({
      keep: 5,
      quotas: { night: '22-6' },
      pins: {},
      tags: { now: 1 },
    });
  });
});

describe('tag', () => {
  test('names a generation for commands that take one', async () => {
    const t = await versions('1.0.0', '2.0.0');
    await t.ok('tag', 'before-the-move', '1');
    expect((await t.ok('tag', 'now')).lines).toEqual(['before-the-move 1', 'now 2']);
    await t.ok('rollback', '-y', 'before-the-move');
    expect(await t.installed()).toEqual(['a@1.0.0']);
    expect((await t.ok('tag', 'now', '1')).err).toBe('now was generation 2 before\n');
    await t.ok('tag', '--delete', 'now');
    expect((await t.ok('tag', '--json')).json.tags).toEqual({ 'before-the-move': 1 });
  });

  test('refuses names that could not be asked for, and generations that are not there', async () => {
    const t = await versions('1.0.0');
    expect(await t.pkg('tag', '7', '--json')).toMatchObject({ exit: 2, error: { code: 'usage' } });
    expect(await t.pkg('tag', 'x', '7', '--json')).toMatchObject({ exit: 3, error: { code: 'no-such-generation' } });
    expect(await t.pkg('tag', '--delete', 'x', '--json')).toMatchObject({
      exit: 3,
      error: { code: 'no-such-generation' },
    });
    expect(await t.pkg('rollback', '-y', 'constructor', '--json')).toMatchObject({
      error: { code: 'no-such-generation' },
    });
    expect(await workbench().pkg('tag', 'x', '--json')).toMatchObject({ exit: 3 });
  });
});
