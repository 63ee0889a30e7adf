import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Workbench, workbench } from '../support/pkg.ts';

/** `web` whose port was set to 81 (generation 2) and 82 (generation 3), and another bundle to install. */
async function answered(): Promise<{ readonly t: Workbench; readonly other: string }> {
  const t = workbench();
  const settings = { port: { type: 'number', default: 80 } };
  await t.ok('install', '-y', await t.bundle('web', '1.0.0', { settings }));
  for (const port of ['81', '82']) await t.ok('settings', 'set', 'web', `port=${port}`, '-y');
  return { t, other: await t.bundle('other', '1.0.0') };
}

const portOf = (t: Workbench): number => JSON.parse(t.read('current/settings.json')).web.port;

describe('settings of an older generation that are lost', () => {
  test.each([
    ['cut in half', (file: string) => fs.truncateSync(file, 9)],
    ['gone', (file: string) => fs.rmSync(file)],
  ])('%s: what does not build on them goes on, and nobody goes back there', async (_, strike) => {
    const { t, other } = await answered();
    strike(t.at('generations/2/settings.json'));
    await t.ok('install', '-y', other);
    expect(portOf(t)).toBe(82);
    const { exit, err } = await t.pkg('rollback', '2', '-y');
    expect(exit).toBe(5);
    expect(err).toContain('the settings of web in generation 2 are lost');
    expect(portOf(t)).toBe(82);
  });
});

describe('settings of the live generation that are lost', () => {
  test.each([
    ['cut in half', (file: string) => fs.truncateSync(file, 9)],
    ['gone', (file: string) => fs.rmSync(file)],
  ])('%s: no change begins with defaults, and a rollback goes to those that are whole', async (_, strike) => {
    const { t, other } = await answered();
    strike(t.at('generations/3/settings.json'));
    const { exit, err } = await t.pkg('install', '-y', other);
    expect(exit).toBe(5);
    expect(err).toContain('the settings of web in generation 3 are lost');
    expect(err).toContain('pkg rollback');
    await t.ok('rollback', '2', '-y');
    expect(portOf(t)).toBe(81);
  });
});

test('a sum of settings that was cut hides no settings that are whole, and is written again', async () => {
  const { t } = await answered();
  fs.truncateSync(t.at('generations/3/settings.sum'), 20);
  expect((await t.pkg('verify', '--all')).out).toContain('generations/3/settings.sum');
  await t.ok('verify', '--all', '--repair');
  expect(t.read('generations/3/settings.sum')).toMatch(/^[0-9a-f]{64}\n$/);
  expect(portOf(t)).toBe(82);
});
