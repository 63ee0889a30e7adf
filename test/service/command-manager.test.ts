import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Service } from '../../src/model/index.ts';
import { writeRecord } from '../../src/service/index.ts';
import { findProcesses } from '../../src/system/index.ts';
import { isDead, type ServiceWorld, serviceWorld } from './service-world.ts';
import { untilSo } from '../support/until.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld();
  world.write('ctl', CTL);
});

/** A control script as many programs ship one; `lie` = says yes and does nothing. */
const CTL = `#!/bin/sh
case $1 in
  start) setsid "$NODE" server.mjs "$PORT" & echo $! >it.pid ;;
  stop) kill $(cat it.pid) && rm it.pid ;;
  reload) kill -HUP $(cat it.pid) ;;
  status) test -f it.pid && kill -0 $(cat it.pid) ;;
  lie) ;;
  *) echo "cannot $1" >&2; exit 2 ;;
esac
`;

function commanded(changed: Service = {}) {
  const launch = world.launch({
    manager: 'command',
    start: ['./ctl', 'start'],
    stop: { command: ['./ctl', 'stop'] },
    reload: { command: ['./ctl', 'reload'] },
    status: ['./ctl', 'status'],
    ready: world.asks('1.0.0'),
    ...changed,
  });
  return { ...launch, env: { ...launch.env, NODE: process.execPath, PORT: String(world.port) } };
}

const pidOf = () => Number(fs.readFileSync(path.join(world.bundleDir, 'it.pid'), 'utf8'));

describe('a service of the manager command', () => {
  test('starts, reloads and stops by its commands, and its process is known', async () => {
    const launch = commanded();
    const record = await world.start(launch);
    await world.ready(launch, record);
    expect(await world.condition(record)).toMatchObject({ state: 'running', pid: pidOf() });
    world.write('version', '1.1.0');
    await world.reload(record);
    await world.ready({ ...launch, service: { ...launch.service, ready: world.asks('1.1.0') } }, record);
    const pid = pidOf();
    expect(await world.stop(record)).toMatchObject({ pid: null, instance: null });
    expect(isDead(pid)).toBe(true);
    expect(world.told.filter((line) => line.includes('command'))).toEqual([]);
  });

  test('is not believed to run because its start command says so', async () => {
    const launch = commanded({ start: ['./ctl', 'lie'], ready: { ...world.asks('1.0.0'), timeout: '200ms' } });
    await expect(world.start(launch)).rejects.toMatchObject({
      code: 'service-failed',
      message: 'the start command of web/server ended well, but it does not run: ./ctl status ended with exit status 1',
    });
    expect(world.recorded(launch)).toMatchObject({ pid: null, instance: null });
  });

  test('is not believed to be stopped because its stop command says so', async () => {
    const launch = commanded({ stop: { command: ['./ctl', 'lie'], timeout: '300ms' } });
    const record = await world.start(launch);
    await world.ready(launch, record);
    const pid = pidOf();
    await world.stop(record);
    expect(isDead(pid)).toBe(true);
    expect(world.told.at(-1)).toBe('web/server did not stop within 300ms and was killed');
  });

  test('fails with what its start command says, and leaves nothing behind', async () => {
    const launch = commanded({ start: ['/bin/sh', '-c', 'sleep 1000 & echo no license; exit 3'] });
    await expect(world.start(launch)).rejects.toMatchObject({
      code: 'service-failed',
      message: 'the start command of web/server ended with exit status 3:\n  no license',
    });
    expect(findProcesses({ PKG_SERVICE: 'web/server', PKG_ROOT: path.join(world.folder, 'root') })).toEqual([]);
  });

  test('started twice runs once, also after a crash between command and record', async () => {
    const launch = commanded();
    const record = await world.start(launch);
    await world.ready(launch, record);
    expect(await world.start(launch)).toEqual(record);
    writeRecord(launch.runFile, { ...record, pid: null });
    expect(await world.start(launch)).toMatchObject({ pid: record.pid, instance: record.instance });
  });

  test('that died is dead whatever its status command says', async () => {
    const launch = commanded();
    const record = await world.start(launch);
    await world.ready(launch, record);
    process.kill(pidOf(), 'SIGKILL');
    await untilSo(() => isDead(record.pid));
    const believing = { ...record, launch: { ...launch, service: { ...launch.service, status: ['true'] } } };
    expect(await world.condition(believing)).toEqual({ state: 'dead', pid: null, supervised: false });
    await world.stop(believing);
  });

  test('is not started where somebody else has started it', async () => {
    const launch = commanded({ status: ['true'] });
    await expect(world.start(launch)).rejects.toMatchObject({
      message: 'cannot start web/server: it already runs, and pkg did not start it',
    });
    expect(await world.condition(await world.stop({ ...(await emptyRecord()), launch }))).toMatchObject({
      state: 'stopped',
    });
  });

  test('is ready by the answer of what only its commands know, such as a container', async () => {
    // Nothing tells whose it is: neither what it was told, nor its program, nor its folder.
    const server = `require("http").createServer((_, r) => r.end()).listen(${world.port}, "127.0.0.1")`;
    world.write(
      'run',
      `#!/bin/sh\ncd /; env -i setsid '${process.execPath}' -e '${server}' & echo $! >'${world.folder}/pid'\n`,
    );
    const alive = `kill -0 "$(cat '${world.folder}/pid')"`;
    const launch = commanded({
      start: ['./run'],
      status: ['/bin/sh', '-c', alive],
      stop: { command: ['/bin/sh', '-c', alive.replace('-0', '-9')] },
      ready: { tcp: world.port, timeout: '10s' },
    });
    const record = await world.start(launch);
    try {
      await world.ready(launch, record);
    } finally {
      await world.stop(record);
    }
    expect(world.isTaken()).toBe(false);
  });

  test('without a status command is known by its probe', async () => {
    const { status: _, ...service } = commanded().service;
    const launch = { ...commanded(), service, port: null };
    const record = await world.start(launch);
    expect(await world.condition(record)).toMatchObject({ state: 'running' });
    await world.stop(record);
    expect(world.isTaken()).toBe(false);
  });
});

/** A record of the service while it is stopped. */
async function emptyRecord() {
  const launch = world.launch();
  return world.stop(await world.start(launch));
}
