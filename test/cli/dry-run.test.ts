import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { snapshot, workbench } from '../support/pkg.ts';

describe('--dry-run', () => {
  test('of init shows the files and makes none', async () => {
    const t = workbench();
    const { lines, err } = await t.ok('init', 'web', '-n');
    expect(lines).toContain('web/bundle.json');
    expect(err).toBe('dry run: nothing was written\n');
    expect(fs.existsSync(path.join(t.home, 'web'))).toBe(false);
    expect((await t.ok('init', 'web', '-n', '--json')).json).toMatchObject({ name: 'web', dryRun: true });
  });

  test('of pin, tag and unpin shows what would be, and writes nothing', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    await t.ok('pin', 'a@1.x');
    await t.ok('tag', 'first');
    const before = snapshot(t.root);
    for (const words of [
      ['pin', 'a@2.x'],
      ['tag', 'now'],
      ['tag', '--delete', 'first'],
      ['unpin', 'a'],
    ]) {
      expect((await t.ok(...words, '-n')).err, words.join(' ')).toContain('dry run: nothing was written');
      expect((await t.ok(...words, '-n', '--json')).json.outcome, words.join(' ')).toBe('nothing-to-do');
    }
    expect((await t.ok('pin', 'a@2.x', '-n')).lines).toEqual(['a 2.x']);
    expect(snapshot(t.root)).toEqual(before);
  });

  test('of pin makes no root', async () => {
    const t = workbench();
    await t.ok('pin', 'a@1.x', '-n');
    expect(fs.existsSync(t.root)).toBe(false);
  });

  test('of verify --repair says what would be repaired, and how', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    const folder = path.relative(t.root, fs.realpathSync(t.at('current/bundles/a')));
    t.tamper(path.join(folder, 'data.txt'), 'mine\n');
    const { exit, lines, err } = await t.pkg('verify', '--repair', '-n');
    expect(exit).toBe(1);
    expect(lines).toEqual(['would repair  changed   a: data.txt']);
    expect(err).toContain('hint: pkg verify --repair\n');
    expect(t.read(folder, 'data.txt')).toBe('mine\n');
  });
});
