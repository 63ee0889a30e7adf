import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Workbench, workbench } from '../support/pkg.ts';

const LINES = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];

/** A version ships the same lines and one of its own at the end. */
const app = (t: Workbench, major: number) =>
  t.bundle('app', `${major}.0.0`, {
    files: { 'etc/app.conf': `${[...LINES, `version ${major}`].join('\n')}\n` },
    config: [{ path: 'etc/app.conf' }],
  });

const conf = (t: Workbench, name = 'app.conf'): string => t.at('current/etc/app', name);
const read = (t: Workbench, name?: string): readonly string[] =>
  fs.readFileSync(conf(t, name), 'utf8').trimEnd().split('\n');

/** The operator changes one line. */
function edit(t: Workbench, line: string, to: string): void {
  fs.writeFileSync(conf(t), fs.readFileSync(conf(t), 'utf8').replace(`${line}\n`, `${to}\n`));
}

describe('going back over several versions', () => {
  test('takes along what was edited in each of them, so that nothing is gone when they are collected', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, 1));
    edit(t, 'one', 'one in 1');
    await t.ok('install', '-y', await app(t, 2));
    edit(t, 'three', 'three in 2');
    await t.ok('install', '-y', await app(t, 3));
    edit(t, 'five', 'five in 3');
    const { json } = await t.ok('plan', 'rollback', '--json', '1');
    expect(json.notes.join()).not.toContain('pkg-');
    await t.ok('rollback', '-y', '1');
    expect(read(t)).toEqual(['one in 1', 'two', 'three in 2', 'four', 'five in 3', 'six', 'seven', 'version 1']);
    for (const major of [4, 5, 6]) await t.ok('install', '-y', await app(t, major));
    expect(t.exists('config/app/2')).toBe(false);
    expect(read(t).slice(0, 5)).toEqual(['one in 1', 'two', 'three in 2', 'four', 'five in 3']);
  });

  test('puts an edit that cannot be taken along beside the file', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, 1));
    await t.ok('install', '-y', await app(t, 2));
    edit(t, 'version 2', 'version 2 of mine');
    await t.ok('install', '-y', await app(t, 3));
    await t.ok('rollback', '-y', '1');
    expect(read(t)).toEqual([...LINES, 'version 1']);
    expect(read(t, 'app.conf.pkg-old')).toEqual([...LINES, 'version 2 of mine']);
  });

  test('byte for byte leaves what was edited in any of them beside it', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, 1));
    await t.ok('install', '-y', await app(t, 2));
    edit(t, 'three', 'three in 2');
    await t.ok('install', '-y', await app(t, 3));
    await t.ok('rollback', '-y', '--exact', '1');
    expect(read(t)).toEqual([...LINES, 'version 1']);
    expect(read(t, 'app.conf.pkg-edited-3')).toContain('three in 2');
  });
});

describe('a removal that is taken back', () => {
  test('brings the configuration as it was, with what was edited in the version that was removed', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, 1));
    edit(t, 'seven', 'seven of mine');
    const before = read(t);
    await t.ok('install', '-y', '--config', 'new', await app(t, 2));
    await t.ok('remove', '-y', 'app');
    await t.ok('rollback', '-y', '1');
    expect(read(t)).toEqual(before);
    expect(fs.readdirSync(t.at('current/etc/app'))).toEqual(['app.conf']);
  });
});
