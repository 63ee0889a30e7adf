import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';

describe('an option that may be repeated', () => {
  test('takes one word each time, and leaves the files behind it alone', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('old', '1.0.0'), await t.bundle('older', '1.0.0'));
    const checked = {
      checks: [
        { name: 'one', run: ['false'] },
        { name: 'two', run: ['false'] },
      ],
    };
    const a = await t.bundle('a', '1.0.0', checked);
    await t.ok(
      'install',
      '-y',
      '--remove',
      'old',
      '--remove',
      'older',
      '--skip-check',
      'one',
      '--skip-check',
      'a/two',
      a,
    );
    expect(await t.installed()).toEqual(['a@1.0.0']);
  });

  test('says so when it names what no bundle of the change has', async () => {
    const t = workbench();
    const a = await t.bundle('a', '1.0.0', { checks: [{ name: 'suite', run: ['true'] }] });
    const words = ['--skip-check', 'suit', '--skip-check', 'suite', '--ignore-depends', 'b', '--accept-data-loss', 'c'];
    const { notes } = (await t.ok('plan', 'install', a, ...words, '--json')).json;
    expect(notes).toEqual([
      'check suite of a 1.0.0 is skipped',
      '--skip-check suit: no bundle of this change has such a check',
      '--ignore-depends b: no bundle of this change has this name or needs it',
      '--accept-data-loss c: no bundle of this name changes',
    ]);
    expect((await t.ok('install', '-y', a, ...words)).err).toContain('note: --skip-check suit: no bundle');
  });
});

describe('--sha256', () => {
  test('accepts the digest of the bundle as well as the sha256 of the file', async () => {
    const t = workbench();
    const a = await t.bundle('a', '1.0.0');
    const b = await t.bundle('b', '1.0.0');
    const { digest } = (await t.ok('inspect', a, '--json')).json;
    const sum = createHash('sha256').update(fs.readFileSync(b)).digest('hex');
    await t.ok('install', '-y', '--sha256', digest, '--sha256', sum.toUpperCase(), a, b);
    expect(await t.installed()).toEqual(['a@1.0.0', 'b@1.0.0']);
  });

  test('says which archive no sum was given for', async () => {
    const t = workbench();
    const a = await t.bundle('a', '1.0.0');
    const { digest } = (await t.ok('inspect', a, '--json')).json;
    const planned = await t.ok('plan', 'install', '--sha256', digest, a, await t.bundle('b', '1.0.0'), '--json');
    expect(planned.json.notes).toContain('no --sha256 was given for b 1.0.0');
    expect(planned.json.notes).not.toContain('no --sha256 was given for a 1.0.0');
  });

  test('that fits no file is refused with a hint where to find it; one that is none is a mistake', async () => {
    const t = workbench();
    const a = await t.bundle('a', '1.0.0');
    const other = await t.pkg('install', '-y', a, '--sha256', 'f'.repeat(64), '--json');
    expect(other).toMatchObject({ exit: 6, error: { code: 'digest-mismatch' } });
    expect(other.error.hint).toMatch(/pkg inspect .*sha256sum/);
    expect(await t.pkg('install', '-y', a, '--sha256', 'abc', '--json')).toMatchObject({
      exit: 2,
      error: { code: 'usage', message: "'abc' is not a sha256, which has 64 hexadecimal digits" },
    });
  });
});

describe('a command line that cannot be meant', () => {
  test('tells which generation is live all the same', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    for (const words of [['install', '--instal'], ['remove']]) {
      const named = [...words, '--root', t.root];
      expect((await t.pkg(...named, '--json')).json, words.join(' ')).toMatchObject({
        outcome: 'refused',
        generation: 1,
      });
    }
    const glued = await t.run(['install', `--root=${t.root}`, '--json'], { root: '/nowhere' });
    expect(glued.json.generation).toBe(1);
  });

  test('is refused before stdin is read', async () => {
    const t = workbench();
    expect(await t.pkg('remove', '-', '--json')).toMatchObject({
      exit: 2,
      error: { code: 'usage', message: 'remove takes names, not files: -' },
    });
    const stored = await t.pkg('plan', 'install', '-', '-o', path.join(t.home, 'plan.json'), '--json');
    expect(stored).toMatchObject({ exit: 2, error: { code: 'usage', hint: expect.stringContaining('into a file') } });
  });

  test('names the word that is no name', async () => {
    const t = workbench();
    for (const word of ['', 'app@', '@1.0.0']) {
      const { exit, error } = await t.pkg('install', '-y', word, '--json');
      expect({ exit, message: error.message }).toEqual({
        exit: 2,
        message: `'${word}' is neither NAME nor NAME@VERSION`,
      });
    }
  });

  test('is refused also where the option would not matter', async () => {
    const t = workbench();
    expect(await t.pkg('list', '--wait=abc', '--json')).toMatchObject({ exit: 2, error: { code: 'usage' } });
  });
});

describe('an option of every command', () => {
  test('means the same before the command, behind it, and with its value glued to it', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    const plain = await t.ok('list', '--json');
    const places = [
      ['--json', 'list'],
      ['--color', 'never', '--json', 'list'],
      ['--color=never', 'list', '--json'],
    ];
    for (const words of places) expect((await t.ok(...words)).json).toEqual(plain.json);
  });

  test('can have the name of a command as its value', async () => {
    const t = workbench();
    expect(await t.pkg('--color', 'list', 'list')).toMatchObject({ exit: 2 });
    expect((await t.pkg('--wait', 'list')).out).toBe('');
    expect((await t.pkg('-q', 'lits')).err).toContain('did you mean: pkg');
  });
});
