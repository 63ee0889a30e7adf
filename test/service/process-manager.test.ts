import fs from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { logSize, writeRecord } from '../../src/service/index.ts';
import { findProcesses, processStart, readText } from '../../src/system/index.ts';
import { needs } from '../support/needs.ts';
import { isDead, type ServiceWorld, serviceWorld } from './service-world.ts';
import { untilSo } from '../support/until.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld();
});

const shell = (script: string) => ['/bin/sh', '-c', script];

describe('a service of the manager process', () => {
  test('starts, is ready, and is gone when the stop returns', async () => {
    const launch = world.launch({ ready: world.asks('1.0.0') });
    const record = await world.start(launch);
    await world.ready(launch, record);
    expect(await world.condition(record)).toEqual({ state: 'running', pid: record.pid, supervised: false });
    expect(world.recorded(launch)).toEqual(record);
    const after = await world.stop(record);
    expect(isDead(record.pid)).toBe(true);
    expect(after).toMatchObject({ pid: null, startTime: null, bootId: null, instance: null, enabled: true });
    expect(world.recorded(launch)).toEqual(after);
    expect(await world.condition(after)).toMatchObject({ state: 'stopped', pid: null });
    expect(world.told.at(-1)).toMatch(/answers 200$/);
  });

  test('is a session of its own with its own environment, an empty stdin and no descriptor of ours', async () => {
    const script =
      'env | cut -d= -f1 | sort | tr "\\n" " "; echo; cat; umask; for n in 3 4 5 6 7 8 9; do readlink /proc/$$/fd/$n; done; echo end; exec sleep 1000';
    const launch = world.launch({ start: shell(script) }, { port: null });
    const record = await world.start(launch);
    await untilSo(() => world.log(launch).includes('end'));
    expect(world.log(launch).split('\n')).toEqual([
      expect.stringMatching(/^(OLDPWD )?PATH PKG_INSTANCE PKG_ROOT PKG_SERVICE PWD (SHLVL )?(_ )?$/),
      '0022',
      'end',
      '',
    ]);
    expect(readText(`/proc/${record.pid}/stat`)?.split(' ')[5]).toBe(String(record.pid));
  });

  test('started twice runs once', async () => {
    const launch = world.launch({ ready: world.asks('1.0.0') });
    const record = await world.start(launch);
    expect(await world.start({ ...launch, generation: 2 })).toEqual(record);
  });

  test('started with other words takes the place of what runs', async () => {
    const record = await world.start(world.launch());
    const other = world.launch({}, { argv: [process.execPath, 'server.mjs', String(world.port), 'stubborn'] });
    const next = await world.start(other);
    await world.ready({ ...other, service: { ready: world.asks('1.0.0') } }, next);
    expect(isDead(record.pid)).toBe(true);
  });

  test('is found again when pkg was killed between the start and the record of it', async () => {
    const launch = world.launch({ ready: world.asks('1.0.0') });
    const record = await world.start(launch);
    writeRecord(launch.runFile, { ...record, pid: null });
    expect(await world.condition({ ...record, pid: null })).toMatchObject({ state: 'running', pid: record.pid });
    expect(await world.start(launch)).toEqual(record);
    writeRecord(launch.runFile, { ...record, pid: null });
    const next = await world.start({ ...launch, version: '1.1.0' });
    expect(isDead(record.pid)).toBe(true);
    expect(next.version).toBe('1.1.0');
  });

  test('that died by itself is dead, and a zombie is dead', async () => {
    const launch = world.launch({ start: shell('exit 0') }, { port: null });
    const record = await world.start(launch);
    await untilSo(() => isDead(record.pid));
    expect(await world.condition(record)).toMatchObject({ state: 'dead', pid: null });
    // The parent never collects its child.
    const parent = await world.stranger('sh -c "exit 0" & exec sleep 1000');
    const zombie = () => findZombie(parent);
    await untilSo(() => zombie() !== null);
    const asZombie = { ...record, pid: zombie(), startTime: 1 };
    expect(await world.condition(asZombie)).toMatchObject({ state: 'dead' });
  });

  test('whose number was given to another process is dead, and that one is left alone', async () => {
    const record = await world.start(world.launch({ start: shell('exit 0') }, { port: null }));
    await untilSo(() => isDead(record.pid));
    const pid = await world.stranger();
    const reused = { ...record, pid, startTime: (processStart(pid) ?? 0) - 1 };
    expect(await world.condition(reused)).toMatchObject({ state: 'dead', pid: null });
    await world.stop(reused);
    expect(isDead(pid)).toBe(false);
  });

  test('is refused with the reason when its program cannot be run', async () => {
    const launch = world.launch({ start: ['bin/none'] });
    await expect(world.start(launch)).rejects.toMatchObject({
      code: 'service-failed',
      message: expect.stringMatching(/^cannot start web\/server: cannot run .*\/bundle\/bin\/none: it does not exist$/),
    });
    expect(world.recorded(launch)).toMatchObject({ pid: null, instance: null });
  });

  test('that fails again says only what it printed this time', async () => {
    const launch = world.launch({ start: shell('echo $$ lines; exit 3'), ready: { tcp: world.port } });
    const fails = async () => {
      const logFrom = logSize(launch);
      return world.ready(launch, await world.start(launch), logFrom).catch((error: Error) => error.message);
    };
    for (const message of [await fails(), await fails()]) {
      expect(message).toMatch(/^web\/server ended with exit status 3 before it was ready:\n {2}\d+ lines$/);
    }
  });

  test('is not started on a port that a stranger uses, and the stranger is named', async () => {
    const pid = await world.stranger(
      `exec ${process.execPath} -e 'require("http").createServer().listen(${world.port}, "127.0.0.1", () => console.log("bound"))'`,
    );
    await untilSo(() => readText(`/proc/${pid}/comm`)?.trim() !== 'sh');
    const launch = world.launch();
    await untilSo(() => world.isTaken());
    await expect(world.start(launch)).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringMatching(new RegExp(`port ${world.port} is used by .*node.* \\(pid ${pid}\\)$`)),
    });
    expect(isDead(pid)).toBe(false);
  });

  test('goes on being enabled or not over starts and stops', async () => {
    const launch = world.launch();
    const record = await world.start(launch);
    writeRecord(launch.runFile, { ...record, enabled: false, readyAfterMs: 120 });
    await world.stop({ ...record, enabled: false, readyAfterMs: 120 });
    expect(await world.start(launch)).toMatchObject({ enabled: false, readyAfterMs: 120 });
  });

  test('that runs itself again under another pid is found by its port, and stopped', async () => {
    // As unicorn and nginx do: the new process inherits nothing but the environment, the old one ends.
    world.write(
      'again.mjs',
      `import { spawn } from 'node:child_process';
       import http from 'node:http';
       const server = http.createServer((_, response) => response.end()).listen(${world.port}, '127.0.0.1');
       process.on('SIGUSR2', () => server.close(() => {
         spawn(process.execPath, ['again.mjs'], { detached: true, stdio: 'ignore' }).unref();
         process.exit();
       }));`,
    );
    const launch = world.launch({
      start: [process.execPath, 'again.mjs'],
      ready: { tcp: world.port },
      reload: { signal: 'SIGUSR2' },
    });
    const record = await world.start(launch);
    await world.ready(launch, record);
    await world.reload(record);
    await untilSo(() => isDead(record.pid));
    await world.ready(launch, record);
    const { pid } = await world.condition(record);
    expect(pid).not.toBe(record.pid);
    await world.stop(record);
    expect(isDead(pid)).toBe(true);
  });
});

describe('stopping a service', () => {
  test('twice is fine', async () => {
    const after = await world.stop(await world.start(world.launch()));
    expect(await world.stop(after)).toEqual(after);
    expect(world.told).toEqual([]);
  });

  test('kills one that ignores SIGTERM when its time is over, and says so', async () => {
    const launch = world.launch({
      start: [process.execPath, 'server.mjs', String(world.port), 'deaf'],
      ready: world.asks('1.0.0'),
      stop: { timeout: '300ms' },
    });
    const record = await world.start(launch);
    await world.ready(launch, record);
    await world.stop(record);
    expect(isDead(record.pid)).toBe(true);
    expect(world.told.at(-1)).toBe('web/server did not stop within 300ms and was killed');
    expect(world.log(launch)).toContain('no\n');
  });

  test('sends the signal it declares', async () => {
    const launch = world.launch({
      start: shell('trap "echo saved; exit 0" INT; echo up; while :; do sleep 0.01; done'),
      ready: { log: '^up$' },
      stop: { signal: 'SIGINT' },
    });
    const record = await world.start(launch);
    await world.ready(launch, record);
    await world.stop(record);
    expect(world.log(launch)).toBe('up\nsaved\n');
  });

  test('ends also what the service left behind, in its session or out of it', async () => {
    const launch = world.launch(
      { start: shell('sleep 1000 & setsid sleep 1001 & echo up; exec sleep 1002'), ready: { log: '^up$' } },
      { port: null },
    );
    const record = await world.start(launch);
    await world.ready(launch, record);
    const family = () => findProcesses({ PKG_INSTANCE: record.instance ?? '' });
    await untilSo(() => family().length === 3);
    await world.stop(record);
    expect(family()).toEqual([]);
  });

  test('by a command that fails falls back to the signal', async () => {
    const launch = world.launch({ stop: { command: shell('echo no such service >&2; exit 4') } });
    const record = await world.start(launch);
    await world.stop(record);
    expect(isDead(record.pid)).toBe(true);
    expect(world.told[0]).toBe('the stop command of web/server ended with exit status 4:\n  no such service');
  });

  test('waits on although the command says it is done', async () => {
    world.write('ctl', `#!/bin/sh\n(sleep 0.3; kill $1) &\necho stopped\n`);
    const launch = world.launch({ stop: { command: ['./ctl', '$PID'] } });
    const record = await world.start(launch);
    const told = { ...record, launch: { ...launch, service: { stop: { command: ['./ctl', String(record.pid)] } } } };
    await world.stop(told);
    expect(isDead(record.pid)).toBe(true);
    expect(world.told).toEqual([]);
  });
});

describe('reloading a service', () => {
  test('is proven by an answer of the new version', async () => {
    const launch = world.launch({ ready: world.asks('1.0.0'), reload: { signal: 'SIGHUP' } });
    const record = await world.start(launch);
    await world.ready(launch, record);
    world.write('version', '1.1.0');
    await world.reload(record);
    await world.ready({ ...launch, service: { ready: world.asks('1.1.0') } }, record);
    expect((await world.condition(record)).pid).toBe(record.pid);
  });

  test('by a command that exits 0 and does nothing is seen', async () => {
    const launch = world.launch({ ready: world.asks('1.0.0'), reload: { command: ['true'] } });
    const record = await world.start(launch);
    await world.ready(launch, record);
    await world.reload(record);
    const wanted = { ...launch, service: { ready: { ...world.asks('1.1.0'), timeout: '300ms' } } };
    await expect(world.ready(wanted, record)).rejects.toMatchObject({
      code: 'not-ready',
      message: expect.stringMatching(
        /is not ready after 300ms: .* answers 200 with x-version: 1\.0\.0, not x-version: 1\.1\.0$/,
      ),
      hint: 'pkg logs web/server',
      details: { log: launch.log },
    });
  });

  test('by a command that fails or hangs is a failure', async () => {
    const record = await world.start(world.launch());
    const by = (script: string) => ({
      ...record,
      launch: world.launch({ reload: { command: shell(script), timeout: '200ms' } }),
    });
    await expect(world.reload(by('exit 1'))).rejects.toMatchObject({ code: 'service-failed' });
    await expect(world.reload(by('exec sleep 1000'))).rejects.toMatchObject({
      message: expect.stringMatching(/^the reload command of web\/server did not end in time/),
    });
  });

  test('is refused where nothing runs or nothing is declared', async () => {
    const record = await world.start(world.launch({ reload: { signal: 'SIGHUP' } }));
    await expect(world.reload(await world.stop(record))).rejects.toMatchObject({
      message: 'cannot reload web/server: it does not run',
    });
    await expect(world.reload({ ...record, launch: world.launch() })).rejects.toMatchObject({
      message: 'cannot reload web/server: it declares no `reload`',
    });
  });
});

describe('a service with a user', () => {
  needs('root', 'setpriv');

  test('runs as this user and its group', async () => {
    const launch = world.launch(
      { start: shell('id -un; id -gn; id -G; exec sleep 1000'), user: 'nobody' },
      { port: null },
    );
    fs.chmodSync(world.folder, 0o755);
    const record = await world.start(launch);
    await untilSo(() => world.log(launch).split('\n').length > 3);
    expect(world.log(launch)).toMatch(/^nobody\nnogroup\n65534\n/);
    expect(processStart(record.pid ?? 0)).toBe(record.startTime);
    await world.stop(record);
    expect(isDead(record.pid)).toBe(true);
  });

  test('is refused when there is no such user', async () => {
    await expect(world.start(world.launch({ user: 'nobody-knows' }))).rejects.toMatchObject({
      code: 'service-failed',
      message: "cannot run web/server as 'nobody-knows': there is no such user",
    });
  });
});

function findZombie(parent: number): number | null {
  for (const name of fs.readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? readText(`/proc/${name}/stat`) : null;
    const [state, ppid] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
    if (state === 'Z' && Number(ppid) === parent) return Number(name);
  }
  return null;
}
