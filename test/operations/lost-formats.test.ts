import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Wish, type Workbench, workbench } from '../support/pkg.ts';

/** `web`, which writes format 2, and the data of `old`, which is in no generation any more. */
async function written(): Promise<Workbench> {
  const t = workbench();
  const data = (writes: number) => ({ data: { directory: true, writes } });
  await t.ok('install', '-y', await t.bundle('old', '1.0.0', data(1)));
  await t.ok('install', '-y', await t.bundle('web', '1.0.0', data(2)));
  await t.ok('remove', 'old', '-y');
  await t.ok('gc', '--keep', '1', '-y');
  return t;
}

const NOTE = 'data-formats.json';
const note = (t: Workbench): unknown => JSON.parse(t.read(NOTE));

test.each([
  ['that is gone', (file: string) => fs.rmSync(file), { web: 2 }],
  ['that says something else', (file: string) => fs.writeFileSync(file, '{"old":1,"web":3}\n'), { old: 1, web: 2 }],
  ['that names another bundle', (file: string) => fs.writeFileSync(file, '{"old":1,"wec":2}\n'), { old: 1, web: 2 }],
])('a note of data formats %s is found, and written again', async (_, strike, whole) => {
  const t = await written();
  expect(note(t)).toEqual({ old: 1, web: 2 });
  await t.ok('verify');
  strike(t.at(NOTE));
  const { exit, out } = await t.pkg('verify');
  expect(exit).toBe(1);
  expect(out).toContain(NOTE);
  await t.ok('verify', '--repair');
  expect(note(t)).toEqual(whole);
});

test('of a note that cannot be read, what no generation tells is named as lost', async () => {
  const t = await written();
  fs.truncateSync(t.at(NOTE), 9);
  const { exit, err } = await t.pkg('verify', '--repair');
  expect(exit).toBe(1);
  expect(err).toContain('which format the data of old has is lost');
  expect(note(t)).toEqual({ web: 2 });
  await t.ok('verify');
});

test('data whose bundle names no format has lost none', async () => {
  const t = workbench();
  const plain = await t.bundle('plain', '1.0.0', { data: { directory: true } });
  await t.ok('install', '-y', plain, await t.bundle('web', '1.0.0', { data: { directory: true, writes: 2 } }));
  fs.truncateSync(t.at(NOTE), 5);
  await t.ok('verify', '--repair');
  expect(note(t)).toEqual({ web: 2 });
});

describe('after an upgrade that failed', () => {
  test.each([
    ['is gone', (file: string) => fs.rmSync(file)],
    ['was cut', (file: string) => fs.truncateSync(file, 5)],
    ['says what the failed version would have written', (file: string) => fs.writeFileSync(file, '{"web":2}\n')],
  ])('a note that %s gets the format that the data has, and keeps out who cannot read it', async (_, strike) => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('web', '1.0.0', { data: { directory: true, writes: 1 } }));
    await fail(t, 'web', 2);
    strike(t.at(NOTE));
    await t.ok('verify', '--repair');
    expect(note(t)).toEqual({ web: 1 });
    const next = await t.pkg('install', '-y', await t.bundle('web', '3.0.0', { data: { directory: true, writes: 2 } }));
    expect(next.err).toContain('error[data-loss]');
    await t.ok('verify');
  });

  test('the data of a removed bundle has the format that was noted, and never that of the version that failed', async () => {
    const t = await written();
    await fail(t, 'old', 7);
    fs.writeFileSync(t.at(NOTE), '{"old":1}\n');
    await t.ok('verify', '--repair');
    expect(note(t)).toEqual({ old: 1, web: 2 });
    fs.truncateSync(t.at(NOTE), 9);
    const { err } = await t.pkg('verify', '--repair');
    expect(err).toContain('which format the data of old has is lost');
    expect(note(t)).toEqual({ web: 2 });
  });
});

/** A change to a version that writes this format and cannot be installed. */
async function fail(t: Workbench, name: string, writes: number): Promise<void> {
  const wish: Wish = { data: { directory: true, writes }, hooks: { postinstall: 'exit 1' } };
  const archive = await t.bundle(name, `${writes}.0.0`, wish);
  const { err } = await t.pkg('install', '-y', '--accept-data-loss', name, archive);
  expect(err).toContain('undone: everything is as before');
}
