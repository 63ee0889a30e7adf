import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Service } from '../../src/model/index.ts';
import { writeRecord } from '../../src/service/index.ts';
import { findProcesses, processStart, readText } from '../../src/system/index.ts';
import { needs } from '../support/needs.ts';
import { isDead, type ServiceWorld, serviceWorld } from './service-world.ts';
import { untilSo } from '../support/until.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld();
});

const shell = (script: string) => ['/bin/sh', '-c', script];

/** redis-server, which writes a title over its arguments and environment. */
function redis(changed: Service = {}) {
  const options = ['--bind', '127.0.0.1', '--port', String(world.port), '--save', '', '--dir', world.bundleDir];
  return world.launch({
    start: ['/usr/bin/redis-server', ...options, '--daemonize', 'yes', '--pidfile', 'redis.pid'],
    ready: { tcp: world.port, timeout: '10s' },
    pidFile: 'redis.pid',
    forks: true,
    ...changed,
  });
}

describe('a real daemon', () => {
  needs('redis-server');

  test('is followed into the background by its pid file, and stopped', async () => {
    const launch = redis();
    const record = await world.start(launch);
    await world.ready(launch, record);
    expect(record.pid).toBe(Number(readText(path.join(world.bundleDir, 'redis.pid'))));
    expect(processStart(record.pid ?? 0)).toBe(record.startTime);
    expect(world.recorded(launch)).toEqual(record);
    await world.stop(record);
    expect(isDead(record.pid)).toBe(true);
    expect(world.isTaken()).toBe(false);
  });

  test('is followed by its port where it writes no pid file', async () => {
    const launch = redis();
    const { pidFile: _, ...service } = launch.service;
    const record = await world.start({ ...launch, service });
    await world.ready(launch, record);
    expect(readText(`/proc/${record.pid}/comm`)).toMatch(/^redis-server/);
    await world.stop(record);
    expect(isDead(record.pid)).toBe(true);
  });

  test('is found again when pkg was killed before it had the pid', async () => {
    const launch = redis();
    const record = await world.start(launch);
    writeRecord(launch.runFile, { ...record, pid: null });
    expect(await world.start(launch)).toEqual(record);
  });

  test('that does not declare `forks` is a wrong expectation', async () => {
    const launch = redis({ forks: false });
    const record = await world.start(launch);
    await expect(world.ready(launch, record)).rejects.toMatchObject({
      code: 'wrong-fork-expectation',
      message: 'web/server went into the background, but does not declare `forks`',
    });
    expect(world.isTaken()).toBe(false);
    await world.stop(record);
  });

  test('that does not declare `forks` is one also when nothing tells any more whose it is', async () => {
    const launch = redis({ forks: false });
    const record = await world.start(launch);
    await untilSo(() => world.isTaken() && findProcesses({ PKG_INSTANCE: record.instance ?? '' }).length === 0);
    await expect(world.ready(launch, record)).rejects.toMatchObject({ code: 'wrong-fork-expectation' });
    expect(world.isTaken()).toBe(false);
  });

  test('that is started by its bare name is known by its port, wherever it has gone', async () => {
    const { argv, service } = redis();
    const words = argv.map(
      (word) => ({ '/usr/bin/redis-server': 'redis-server', [world.bundleDir]: '/' })[word] ?? word,
    );
    const { pidFile: _, ...bare } = service;
    const launch = world.launch({ ...bare, start: words.slice(0, -2) });
    const record = await world.start(launch);
    await world.ready(launch, record);
    await untilSo(() => findProcesses({ PKG_INSTANCE: record.instance ?? '' }).length === 0);
    const lost = { ...record, pid: null };
    expect(await world.condition(lost)).toMatchObject({ state: 'running', pid: record.pid });
    await world.stop(lost);
    expect(isDead(record.pid)).toBe(true);
  });

  test('that stays in front although it declares `forks` is a wrong expectation', async () => {
    const launch = redis({ ready: { tcp: world.port, timeout: '1s' } });
    const inFront = { ...launch, argv: launch.argv.filter((word) => !['--daemonize', 'yes'].includes(word)) };
    await expect(world.start(inFront)).rejects.toMatchObject({
      code: 'wrong-fork-expectation',
      message: expect.stringMatching(/^web\/server stays in front, but declares `forks`:\n/),
    });
    expect(world.isTaken()).toBe(false);
    expect(world.recorded(launch)).toMatchObject({ pid: null, instance: null });
  });
});

describe('a program that puts itself into the background', () => {
  test('is refused with its last words when it cannot', async () => {
    const launch = world.launch({ start: shell('echo no license; exit 3'), forks: true });
    await expect(world.start(launch)).rejects.toMatchObject({
      code: 'service-failed',
      message: 'web/server ended with exit status 3 before it was in the background:\n  no license',
    });
  });

  test('is a wrong expectation when nothing stays behind', async () => {
    const launch = world.launch({
      start: shell('exit 0'),
      forks: true,
      pidFile: 'none.pid',
      ready: { tcp: world.port, timeout: '200ms' },
    });
    await expect(world.start(launch)).rejects.toMatchObject({
      code: 'wrong-fork-expectation',
      message: 'web/server declares `forks`, but left no process behind, and none.pid names no process of it',
    });
  });

  test('is told to write a pid file where nothing else could tell its process', async () => {
    const nothing = { start: shell('exit 0'), forks: true, ready: { file: 'never', timeout: '200ms' } };
    await expect(world.start(world.launch(nothing, { port: null }))).rejects.toMatchObject({
      code: 'wrong-fork-expectation',
      message:
        'web/server declares `forks`, but nothing tells which process is its own, and one may run on: let it write a `pidFile`',
    });
  });

  test('is known by its instance where it has neither port nor pid file', async () => {
    const launch = world.launch({ start: shell('setsid sleep 1000 & echo up'), forks: true }, { port: null });
    const record = await world.start(launch);
    await untilSo(() => readText(`/proc/${record.pid}/cmdline`) === 'sleep\x001000\0');
    expect(await world.condition(record)).toMatchObject({ state: 'running' });
    await world.stop(record);
    expect(findProcesses({ PKG_INSTANCE: record.instance ?? '' })).toEqual([]);
  });
});

describe('a pid file', () => {
  const daemon = 'setsid sleep 1000 & echo $! >it.pid';

  test('from before that names a stranger is not believed while the service starts', async () => {
    const stranger = await world.stranger();
    world.write('it.pid', `${stranger}\n`);
    const launch = world.launch(
      { start: shell(`sleep 0.1; ${daemon}`), forks: true, pidFile: 'it.pid' },
      { port: null },
    );
    const record = await world.start(launch);
    expect(record.pid).not.toBe(stranger);
    await world.stop(record);
    expect(isDead(stranger)).toBe(false);
  });

  test('that names a stranger makes the state foreign, and the stranger is never signalled', async () => {
    const launch = world.launch({ start: shell(daemon), forks: true, pidFile: 'it.pid' }, { port: null });
    const record = await world.start(launch);
    process.kill(record.pid ?? 0, 'SIGKILL');
    await untilSo(() => isDead(record.pid));
    const stranger = await world.stranger();
    world.write('it.pid', `${stranger}\n`);
    expect(await world.condition(record)).toMatchObject({
      state: 'foreign',
      pid: stranger,
      because: expect.stringMatching(
        new RegExp(`^pid ${stranger} of its pid file belongs to another program \\(.*sleep 1000`),
      ),
    });
    await expect(
      world.reload({ ...record, launch: { ...launch, service: { ...launch.service, reload: { signal: 'SIGKILL' } } } }),
    ).rejects.toMatchObject({ code: 'service-failed' });
    await world.stop(record);
    expect(isDead(stranger)).toBe(false);
  });

  test('with nonsense in it is no pid', async () => {
    const service = { start: shell('sleep 1000 & echo up'), forks: true, pidFile: 'it.pid' };
    const launch = world.launch({ ...service, ready: { tcp: world.port, timeout: '200ms' } });
    world.write('it.pid', '-1\n');
    await expect(world.start(launch)).rejects.toMatchObject({ code: 'wrong-fork-expectation' });
    expect(findProcesses({ PKG_SERVICE: 'web/server', PKG_ROOT: path.join(world.folder, 'root') })).toEqual([]);
  });

  test('that the program writes late is waited for', async () => {
    const script = 'setsid sleep 1001 & (sleep 0.2; setsid sleep 1000 & echo $! >it.pid) &';
    const launch = world.launch({ start: shell(script), forks: true, pidFile: 'it.pid' }, { port: null });
    const record = await world.start(launch);
    await untilSo(() => readText(`/proc/${record.pid}/cmdline`) === 'sleep\x001000\0');
    await world.stop(record);
    expect(findProcesses({ PKG_INSTANCE: record.instance ?? '' })).toEqual([]);
  });
});
