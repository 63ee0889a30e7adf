import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRecord, writeRecord } from '../../src/service/index.ts';
import { freePort, isDead } from '../service/service-world.ts';
import { untilSo } from '../support/until.ts';
import { serviceStepsWorld, WEB } from './service-steps-world.ts';
import type { Body } from './step-world.ts';

const because = 'web 2.0.0 comes';

/** `web` 1.0.0 runs in generation 1, generation 2 with 2.0.0 is ready to be switched to. */
async function upgrading(service: object = {}, files: Readonly<Record<string, string>> = {}) {
  const t = await serviceStepsWorld();
  const one = await t.web('1.0.0', service);
  const two = await t.web('2.0.0', service, files);
  t.live(2, [two]);
  t.live(1, [one]);
  const [old, next] = [t.at(one, 1), t.at(two, 2)];
  const steps = {
    guard: { kind: 'guard-service', service: old },
    stop: { kind: 'stop-service', service: old },
    turn: { kind: 'switch', from: 1, to: 2 },
    start: { kind: 'start-service', service: next, quiet: false },
    restart: { kind: 'restart-service', old, service: next, because },
    reload: { kind: 'reload-service', old, service: next, because },
    replace: { kind: 'replace-service', old, service: next, because },
    prove: { kind: 'prove-service', service: next },
    retire: { kind: 'retire-service', service: old },
  } as const satisfies Record<string, Body>;
  return { ...t, old, next, steps };
}

type Upgrading = Awaited<ReturnType<typeof upgrading>>;

describe('start-service', () => {
  test('undo ends what it started, and nothing is recorded of it', async () => {
    const t = await upgrading();
    const undo = await t.through(t.steps.turn, t.steps.start);
    expect(await t.answers()).toBe('2.0.0');
    expect(t.record()).toMatchObject({ version: '2.0.0', generation: 2, readyAfterMs: expect.any(Number) });
    await undo();
    await undo();
    expect(await t.answers()).toBeNull();
    expect(t.record()).toBeNull();
  });

  test('stopped for the change, it goes on with the words that were added by hand', async () => {
    const t = await upgrading();
    await t.running(t.old, ['--verbose']);
    await t.through(t.steps.guard, t.steps.stop, t.steps.turn, t.steps.start);
    expect(await t.answers()).toBe('2.0.0');
    expect(await t.words()).toBe('--verbose');
  });

  test('one that runs in this version is left alone, also by undo', async () => {
    const t = await upgrading();
    const { pid } = await t.running(t.old);
    const undo = await t.through({ ...t.steps.start, service: t.old });
    expect(t.record()?.pid).toBe(pid);
    await undo();
    expect(t.record()?.pid).toBe(pid);
    expect(await t.answers()).toBe('1.0.0');
  });

  test('undone without ever having been done changes nothing', async () => {
    const t = await upgrading();
    await t.running(t.old);
    await t.undo(t.steps.start, undefined);
    expect(await t.answers()).toBe('1.0.0');
  });

  test('one that never gets ready is ended by the undo of the step that failed', async () => {
    const t = await upgrading({ ready: { http: 'http://127.0.0.1:${port}/', status: 418, timeout: '500ms' } });
    await expect(t.do(t.steps.start)).rejects.toMatchObject({ code: 'not-ready' });
    expect(await t.answers()).toBe('2.0.0');
    await t.undo(t.steps.start, null);
    expect(await t.answers()).toBeNull();
    expect(t.record()).toBeNull();
  });

  test('one that is not critical is a warning when it fails', async () => {
    const t = await upgrading({ critical: false }, { broken: '' });
    await t.do(t.steps.start);
    expect(t.warnings()).toEqual([expect.stringMatching(/^web\/server ended.*no database.*not critical/s)]);
  });
});

describe('stop-service', () => {
  test('the guard brings back exactly what ran, with the words that were added by hand', async () => {
    const t = await upgrading();
    await t.running(t.old, ['--verbose']);
    const undo = await t.through(t.steps.guard, t.steps.stop, t.steps.turn);
    expect(await t.answers()).toBeNull();
    await undo();
    const { pid, ...brought } = t.record() ?? {};
    expect(await t.answers()).toBe('1.0.0');
    expect(await t.words()).toBe('--verbose');
    expect(brought).toMatchObject({ version: '1.0.0', generation: 1, enabled: true });
    await undo();
    expect(t.record()?.pid).toBe(pid);
  });

  test('stopped twice is stopped once', async () => {
    const t = await upgrading();
    await t.running(t.old);
    await t.through(t.steps.guard, t.steps.stop, t.steps.stop);
    expect(t.record()).toMatchObject({ pid: null, version: '1.0.0' });
  });

  test('one that was started only for the steps of the change lives again while those are undone', async () => {
    const t = await upgrading();
    const start: Body = { kind: 'start-service', service: t.old, quiet: true };
    const [started, stopped] = [await t.do(start), await t.do(t.steps.stop)];
    expect(await t.answers()).toBeNull();
    await t.undo(t.steps.stop, stopped);
    expect(await t.answers()).toBe('1.0.0');
    await t.undo(start, started);
    expect(await t.answers()).toBeNull();
    expect(t.record()).toBeNull();
  });
});

describe('guard-service', () => {
  test('one that was untouched is left alone', async () => {
    const t = await upgrading({ path: 'current', reload: { signal: 'SIGHUP' } });
    await t.running(t.old);
    const before = t.record();
    await (await t.through(t.steps.guard))();
    expect(t.record()).toEqual(before);
    expect(t.log()).not.toContain('told to reload');
  });

  test('one that did not run before does not run after', async () => {
    const t = await upgrading();
    const guard = await t.do(t.steps.guard);
    await t.do(t.steps.start);
    await t.undo(t.steps.guard, guard);
    expect(await t.answers()).toBeNull();
    expect(t.record()).toBeNull();
  });

  test('one that died during the change is started again', async () => {
    const t = await upgrading();
    const { pid } = await t.running(t.old);
    const undo = await t.through(t.steps.guard);
    process.kill(pid ?? 0, 'SIGKILL');
    await untilSo(() => isDead(pid));
    await undo();
    expect(await t.answers()).toBe('1.0.0');
  });
});

describe('after a reboot in the middle', () => {
  test('recovery puts the record back and leaves the start to the boot', async () => {
    const t = await upgrading();
    const { pid } = await t.running(t.old);
    const undo = await t.through(t.steps.guard, t.steps.turn);
    process.kill(pid ?? 0, 'SIGKILL');
    await untilSo(() => isDead(pid));
    t.reboot();
    await undo();
    expect(await t.answers()).toBeNull();
    expect(t.record()).toMatchObject({ version: '1.0.0', enabled: true });
  });
});

describe('restart-service', () => {
  test('the new one has the start options of the one before; undo brings that back', async () => {
    const t = await upgrading();
    const { pid } = await t.running(t.old, ['--verbose']);
    const undo = await t.through(t.steps.guard, t.steps.turn, t.steps.restart);
    expect(await t.answers()).toBe('2.0.0');
    expect(await t.words()).toBe('--verbose');
    const restarted = t.record();
    expect(restarted?.pid).not.toBe(pid);
    await t.do(t.steps.restart);
    expect(t.record()?.pid).toBe(restarted?.pid);
    await undo();
    expect(await t.answers()).toBe('1.0.0');
    expect(await t.isUp(restarted)).toBe(false);
  });

  test('a new version that cannot start leaves the old one running once it is undone', async () => {
    const t = await upgrading({}, { broken: '' });
    await t.running(t.old);
    const undo = await t.through(t.steps.guard, t.steps.turn);
    await expect(t.do(t.steps.restart)).rejects.toMatchObject({
      code: 'not-ready',
      message: expect.stringContaining('no database'),
    });
    await t.undo(t.steps.restart, null);
    await undo();
    expect(await t.answers()).toBe('1.0.0');
    expect(t.record()).toMatchObject({ version: '1.0.0', generation: 1 });
  });
});

describe('on a longer way', () => {
  test('every hop is undone to the one before, the first one to what ran', async () => {
    const t = await upgrading();
    await t.running(t.old, ['--verbose']);
    const three = await t.web('3.0.0');
    t.live(3, [three]);
    t.live(1, [t.old.bundle]);
    const last = t.at(three, 3);
    const first = await t.through(t.steps.guard, t.steps.turn, t.steps.restart);
    const second = await t.through(
      { kind: 'guard-service', service: t.next, hop: 1 },
      { kind: 'switch', from: 2, to: 3, hop: 1 },
      { kind: 'restart-service', old: t.next, service: last, because, hop: 1 },
    );
    expect(await t.answers()).toBe('3.0.0');
    await second();
    expect(await t.answers()).toBe('2.0.0');
    await first();
    expect(await t.answers()).toBe('1.0.0');
    expect(await t.words()).toBe('--verbose');
  });

  test('a service whose bundle is replaced by one of another name goes on as that, and comes back', async () => {
    const t = await serviceStepsWorld();
    const httpd = await t.web('1.3.0', {}, {}, 'httpd');
    const web = await t.web('2.0.0');
    t.live(2, [web]);
    t.live(1, [httpd]);
    const [old, next] = [t.at(httpd, 1), t.at(web, 2)];
    await t.running(old, ['--verbose']);
    const undo = await t.through(
      { kind: 'guard-service', service: old },
      { kind: 'switch', from: 1, to: 2 },
      { kind: 'restart-service', old, service: next, because },
    );
    expect(await t.answers()).toBe('2.0.0');
    expect(await t.words()).toBe('--verbose');
    expect(fs.readdirSync(t.layout.run)).toEqual(['web.server.json']);
    await undo();
    expect(await t.answers()).toBe('1.3.0');
    expect(fs.readdirSync(t.layout.run)).toEqual(['httpd.server.json']);
  });
});

describe('reload-service', () => {
  const reloading = { path: 'current', reload: { signal: 'SIGHUP' } };

  test('the same process answers as the new version, and on the way back as the old one', async () => {
    const t = await upgrading(reloading);
    const { pid } = await t.running(t.old);
    const undo = await t.through(t.steps.guard, t.steps.turn, t.steps.reload);
    expect(await t.answers()).toBe('2.0.0');
    expect(t.record()).toMatchObject({ pid, version: '2.0.0', generation: 2 });
    await undo();
    expect(await t.answers()).toBe('1.0.0');
    expect(t.record()).toMatchObject({ pid, version: '1.0.0', generation: 1 });
  });

  test('one that goes on serving the old version is not believed', async () => {
    const t = await upgrading(reloading, { stubborn: '' });
    await t.running(t.old);
    const undo = await t.through(t.steps.guard, t.steps.turn);
    await expect(t.do(t.steps.reload)).rejects.toMatchObject({ code: 'not-ready' });
    await undo();
    expect(await t.answers()).toBe('1.0.0');
    expect(t.record()).toMatchObject({ version: '1.0.0' });
  });

  test('one that died before it could be told fails the change, and is brought back', async () => {
    const t = await upgrading(reloading);
    const { pid } = await t.running(t.old);
    const undo = await t.through(t.steps.guard, t.steps.turn);
    process.kill(pid ?? 0, 'SIGKILL');
    await untilSo(() => isDead(pid));
    await expect(t.do(t.steps.reload)).rejects.toMatchObject({
      message: 'cannot reload web/server: it no longer runs',
    });
    await undo();
    expect(await t.answers()).toBe('1.0.0');
  });
});

describe('replace-service', () => {
  test('both answer until the old one is retired', async () => {
    const t = await upgrading();
    const old = await t.running(t.old);
    await t.through(t.steps.guard, t.steps.turn, t.steps.replace, t.steps.replace, t.steps.prove);
    expect([await t.answers(t.ports[0]), await t.answers(t.ports[1])]).toEqual(['1.0.0', '2.0.0']);
    expect(t.record()).toMatchObject({ version: '2.0.0', port: t.ports[1] });
    await t.through(t.steps.retire, t.steps.retire);
    expect([await t.answers(t.ports[0]), await t.answers(t.ports[1])]).toEqual([null, '2.0.0']);
    expect(await t.isUp(old)).toBe(false);
    expect(await t.isUp(t.record())).toBe(true);
  });

  test('undo ends the new one; the old one never noticed', async () => {
    const t = await upgrading();
    await t.running(t.old);
    const before = t.record();
    const undo = await t.through(t.steps.guard, t.steps.turn, t.steps.replace);
    await undo();
    await undo();
    expect([await t.answers(t.ports[0]), await t.answers(t.ports[1])]).toEqual(['1.0.0', null]);
    expect(t.record()).toEqual(before);
    expect(fs.readdirSync(t.layout.run)).toEqual(['web.server.json']);
  });

  test('one that an earlier change could not end is not taken for the one that serves', async () => {
    const t = await upgrading();
    const { pid } = await t.running(t.old);
    fs.copyFileSync(t.layout.runRecord(WEB), t.layout.besideRecord(WEB, 'old'));
    const refused = { code: 'service-failed', message: expect.stringContaining('has not ended') };
    await expect(t.through(t.steps.guard, t.steps.replace)).rejects.toMatchObject(refused);
    expect(t.record()).toMatchObject({ pid, version: '1.0.0' });
  });

  test('a new one that never gets ready is ended', async () => {
    const t = await upgrading({}, { broken: '' });
    const { pid } = await t.running(t.old);
    const undo = await t.through(t.steps.guard, t.steps.turn);
    await expect(t.do(t.steps.replace)).rejects.toMatchObject({ code: 'not-ready' });
    await t.undo(t.steps.replace, null);
    await undo();
    expect(t.record()).toMatchObject({ pid, version: '1.0.0' });
    expect([await t.answers(t.ports[0]), await t.answers(t.ports[1])]).toEqual(['1.0.0', null]);
  });

  test.each<[string, (t: Upgrading) => void]>([
    [
      'before the new one took the place of the old',
      ({ layout, record }) => {
        const coming = record();
        const going = readRecord(layout.besideRecord(WEB, 'old'));
        if (coming !== null) writeRecord(layout.besideRecord(WEB, 'new'), coming);
        if (going !== null) writeRecord(layout.runRecord(WEB), going);
      },
    ],
    [
      'before the new one had only one record',
      ({ layout }) => fs.copyFileSync(layout.runRecord(WEB), layout.besideRecord(WEB, 'new')),
    ],
  ])('cut short %s, it is undone all the same', async (_when, cut) => {
    const t = await upgrading();
    const { pid } = await t.running(t.old);
    const undo = await t.through(t.steps.guard, t.steps.turn, t.steps.replace);
    cut(t);
    await undo();
    expect([await t.answers(t.ports[0]), await t.answers(t.ports[1])]).toEqual(['1.0.0', null]);
    expect(t.record()).toMatchObject({ pid, version: '1.0.0' });
    expect(fs.readdirSync(t.layout.run)).toEqual(['web.server.json']);
  });

  test('a proxy that nobody can tell is known before anything is started', async () => {
    const socket = '/nowhere/haproxy.sock';
    const place = { socket, backend: 'web', file: '/nowhere/state', arrives: { tcp: 1 } };
    const t = await upgrading({ traffic: { adapter: 'haproxy', ...place } });
    await t.running(t.old);
    await t.through(t.steps.guard, t.steps.turn);
    await expect(t.do(t.steps.replace)).rejects.toMatchObject({
      message: expect.stringContaining('HAProxy does not answer'),
    });
    expect(await t.answers(t.ports[1])).toBeNull();
  });

  test('with one port both share it', async () => {
    const port = await freePort();
    const t = await upgrading({ ports: [port] });
    const old = await t.running(t.old);
    await t.through(t.steps.guard, t.steps.turn, t.steps.replace);
    expect(await t.isUp(old)).toBe(true);
    await t.do(t.steps.retire);
    expect(await t.answers(port)).toBe('2.0.0');
    expect(await t.isUp(old)).toBe(false);
  });
});

describe('prove-service', () => {
  const strict = { log: { path: '${root}/log/web.server.log', mustNotMatch: '\\[error\\]' } };

  test('a line that must not be in the log fails the change; older ones do not count', async () => {
    const t = await upgrading(strict);
    await t.running(t.old, ['[error]', 'from', 'before']);
    await t.through(t.steps.guard, t.steps.turn, t.steps.restart);
    await t.do(t.steps.prove);
    fs.appendFileSync(path.join(t.layout.log, 'web.server.log'), 'x [error] no route\n');
    await expect(t.do(t.steps.prove)).rejects.toMatchObject({
      code: 'log-failed',
      message: 'the log of web/server has a line it must not have: x [error] no route',
    });
  });

  test('what was changed while it ran is of the new version from then on', async () => {
    const t = await upgrading({ ready: { tcp: '127.0.0.1:${port}' } });
    const { pid } = await t.running(t.old);
    const undo = await t.through(t.steps.guard, t.steps.turn, t.steps.prove);
    expect(t.record()).toMatchObject({ pid, version: '2.0.0', generation: 2 });
    await undo();
    expect(t.record()).toMatchObject({ pid, version: '1.0.0', generation: 1 });
  });

  test('one that does not answer as the new version fails the change', async () => {
    const t = await upgrading();
    await t.running(t.old);
    await t.through(t.steps.guard, t.steps.turn);
    await expect(t.do(t.steps.prove)).rejects.toMatchObject({ code: 'not-ready' });
  });
});
