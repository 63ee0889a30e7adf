import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { behindHaproxy } from './haproxy.ts';

describe('a service that is replaced behind HAProxy', () => {
  needs('haproxy');

  test('loses no request on the way up and down, and long ones end on the old instance', async () => {
    const t = await behindHaproxy();
    const load = t.load();
    const slow = t.ask('/slow');
    await t.ok('install', '-y', await t.web('2.0.0'));
    expect((await t.ask()).body).toBe('2.0.0');
    expect(await slow).toMatchObject({ status: 200, body: '1.0.0' });
    await t.ok('install', '-y', await t.web('3.0.0'));
    await t.ok('rollback', '-y');
    expect((await t.ask()).body).toBe('2.0.0');
    const { asked, failed } = await load.stop();
    expect(failed).toEqual([]);
    expect(asked).toBeGreaterThan(100);
  });

  test('is found by an HAProxy that was started again, while the old one drains and later', async () => {
    const t = await behindHaproxy();
    const held = t.ask('/never').catch(() => 'cut');
    const upgrade = t.startPkg(['install', '-y', await t.web('2.0.0')]);
    await until(
      'the change is final',
      () => t.exists('transactions/2/journal.jsonl') && t.read('transactions/2/journal.jsonl').includes('"COMMIT"'),
    );
    await t.stop();
    await t.start();
    expect((await t.ask()).body).toBe('2.0.0');
    expect([await held, (await upgrade.ended).exit]).toEqual(['cut', 0]);
    await t.stop();
    await t.start();
    const seen = await Promise.all(Array.from({ length: 20 }, () => t.ask()));
    expect(new Set(seen.map(({ status, body }) => `${status} ${body}`))).toEqual(new Set(['200 2.0.0']));
  });

  test('serves as before when the backend does not exist or the socket is gone', async () => {
    const t = await behindHaproxy();
    const load = t.load();
    const unknown = await t.pkg('install', '-y', await t.web('2.0.0', {}, { backend: 'wep' }));
    expect([unknown.exit, unknown.err]).toEqual([1, expect.stringContaining("HAProxy has no backend 'wep'")]);
    const gone = await t.pkg('install', '-y', await t.web('3.0.0', {}, { socket: '/nowhere/haproxy.sock' }));
    expect([gone.exit, gone.err]).toEqual([1, expect.stringContaining('HAProxy does not answer at /nowhere')]);
    expect(await load.stop()).toMatchObject({ failed: [] });
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });

  test('serves as before when HAProxy lets nobody change anything', async () => {
    const t = await behindHaproxy({ level: 'user' });
    const load = t.load();
    const { exit, err } = await t.pkg('install', '-y', await t.web('2.0.0'));
    expect([exit, err]).toEqual([
      1,
      expect.stringContaining("HAProxy answers 'Permission denied' to: set server web/green"),
    ]);
    expect(await load.stop()).toMatchObject({ failed: [] });
    expect([await t.installed(), await t.states()]).toEqual([['web@1.0.0'], ['web/server running']]);
  });
});
