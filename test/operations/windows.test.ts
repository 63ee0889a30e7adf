import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { windowState } from '../../src/operations/windows/window-times.ts';
import { workbench } from '../support/pkg.ts';

describe('windows in time', () => {
  const sunday = { cron: '0 3 * * sun', duration: '2h', zone: 'Europe/Berlin' };
  const at = (iso: string, windows = { sunday }) => windowState(windows, new Date(iso));

  test('are open from their minute on, until their duration is over', () => {
    const next = { name: 'sunday', opens: '2026-11-22T02:00:00.000Z' };
    expect(at('2026-11-22T01:59:59.999Z')).toEqual({ openUntil: null, next });
    expect(at('2026-11-22T02:00:00.000Z').openUntil).toBe('2026-11-22T04:00:00.000Z');
    expect(at('2026-11-22T03:59:59.999Z').openUntil).toBe('2026-11-22T04:00:00.000Z');
    expect(at('2026-11-22T04:00:00.000Z').openUntil).toBe(null);
  });

  test('follow the clock on the wall through the change to summer time', () => {
    expect(at('2026-03-27T00:00:00Z').next?.opens).toBe('2026-03-29T01:00:00.000Z');
    expect(at('2026-03-30T00:00:00Z').next?.opens).toBe('2026-04-05T01:00:00.000Z');
    expect(at('2026-03-20T00:00:00Z').next?.opens).toBe('2026-03-22T02:00:00.000Z');
  });

  test('that follow one another without a gap are one', () => {
    const early = { cron: '0 1 * * *', duration: '2h', zone: 'UTC' };
    const late = { cron: '0 3 * * *', duration: '1h', zone: 'UTC' };
    expect(windowState({ early, late }, new Date('2026-11-22T01:30:00Z')).openUntil).toBe('2026-11-22T04:00:00.000Z');
  });
});

/** A root whose only window opens in three days or so. */
async function closedRoot() {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  const later = new Date(Date.now() + 3 * 86_400_000);
  await t.ok(
    'windows',
    'add',
    'later',
    `0 3 ${later.getUTCDate()} ${later.getUTCMonth() + 1} *`,
    '2h',
    '--zone',
    'UTC',
  );
  return { ...t, opens: `${later.toISOString().slice(0, 10)} 03:00 GMT` };
}

describe('outside of the windows', () => {
  test('every change is refused with the time of the next one, and a plan can be made ahead', async () => {
    const t = await closedRoot();
    const two = await t.bundle('web', '2.0.0');
    for (const words of [
      ['install', two],
      ['install', two, '-n'],
      ['remove', 'web'],
    ]) {
      const { exit, error, json } = await t.pkg(...words, '-y', '--json');
      expect([exit, json.outcome, error.code]).toEqual([3, 'refused', 'window']);
      expect(error.hint).toContain(`later, opens ${t.opens}`);
    }
    const file = path.join(t.home, 'plan.json');
    const planned = await t.ok('plan', 'install', two, '-o', file);
    expect(planned.err).toContain('not now: this root may not be changed now');
    expect((await t.pkg('apply', file, '-y')).exit).toBe(3);
    expect(await t.installed()).toEqual(['web@1.0.0']);
    await t.ok('apply', file, '-y', '--ignore-window');
    expect(await t.installed()).toEqual(['web@2.0.0']);
    const { json } = await t.ok('history', '--json');
    expect(json.transactions.at(-1).overrides).toEqual(['ignore-window']);
  });

  test('an override is recorded; the way back, a trial and recovery need none', async () => {
    const t = await closedRoot();
    await t.ok('install', await t.bundle('web', '2.0.0'), '-y', '--ignore-window', '--try', '1h');
    await t.ok('rollback', '-y');
    expect(await t.installed()).toEqual(['web@1.0.0']);
    await t.ok('install', await t.bundle('web', '2.0.0'), '-y', '--ignore-window', '--try', '1h');
    await t.ok('commit');
    await t.ok('rollback', '-y');
    expect(await t.installed()).toEqual(['web@1.0.0']);
    await t.ok('recover');
  });
});

test('inside of a window changes are made as ever', async () => {
  const t = workbench();
  await t.ok('windows', 'add', 'always', '* * * * *', '5m');
  expect((await t.ok('windows', '--json')).json.openUntil).not.toBe(null);
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  await t.ok('install', '-y', await t.bundle('web', '2.0.0'));
});

test('windows are listed, changed and taken away', async () => {
  const t = workbench();
  await t.ok('windows', 'add', 'night', '0 22 * * mon-fri', '8h', '--zone', 'America/New_York');
  const listed = await t.ok('windows');
  expect(listed.lines).toEqual(["night '0 22 * * mon-fri' 8h America/New_York"]);
  expect(JSON.parse(t.read('settings.json')).windows.night.zone).toBe('America/New_York');
  const { json } = await t.ok('windows', 'remove', 'night', '--json');
  expect(json).toMatchObject({ event: 'result', outcome: 'committed', windows: {}, openUntil: null, next: null });
});

test.each([
  [['0 3 * *', '2h'], "'0 3 * *' is not minute, hour, day, month and weekday"],
  [['0 25 * * *', '2h'], 'is not minute, hour'],
  [['0 3 30 2 *', '2h'], "'0 3 30 2 *' never comes"],
  [['0 3 * * *', '0s'], "its duration '0s'"],
  [['0 3 * * *', 'long'], "'long' is not a duration"],
  [['0 3 * * *', '2h', '--zone', 'Europe/Berln'], "there is no time zone 'Europe/Berln'"],
])('a window %j is refused when it is written', async (words, message) => {
  const t = workbench();
  const { exit, err } = await t.pkg('windows', 'add', 'night', ...words);
  expect([exit, err]).toEqual([2, expect.stringContaining(message)]);
  expect(t.exists('settings.json')).toBe(false);
});

test('a window that was written by hand and makes no sense lets nothing through, and says why', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  fs.writeFileSync(
    t.at('settings.json'),
    '{"windows":{"night":{"cron":"0 3 * * *","duration":"1h","zone":"Nowhere/City"}}}',
  );
  const { exit, err } = await t.pkg('install', '-y', await t.bundle('web', '2.0.0'));
  expect([exit, err]).toEqual([
    2,
    expect.stringContaining("cannot use the window night: there is no time zone 'Nowhere/City'"),
  ]);
  await t.ok('windows', 'remove', 'night');
  await t.ok('install', '-y', await t.bundle('web', '2.0.0'));
});
