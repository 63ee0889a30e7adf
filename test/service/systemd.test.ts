import fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { listProcesses, readText } from '../../src/system/index.ts';
import { type ServiceBench, serviceBench } from '../operations/service-bench.ts';
import { needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { PROGRAM, until } from '../support/pkg.ts';
import { bootedMachine } from '../support/systemd.ts';

describe('a service that systemd keeps', () => {
  needs('root', 'systemctl', 'systemd-analyze', 'unshare', 'redis-server');
  needsMounts();

  test('is started with its install, told to reload, and stopped', async () => {
    const { t, machine, unit } = await systemdBench();
    await install(machine, await t.web('web', '1.0.0', SERVICE));
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect(fs.readFileSync(machine.unit(`${unit}.service`), 'utf8')).toContain(`# made by pkg for ${t.root}\n`);
    expect(await machine.ok('systemctl', 'is-enabled', unit)).toBe('enabled');
    expect(await status(machine)).toMatchObject([{ state: 'running', supervised: true, runningVersion: '1.0.0' }]);

    await succeed(machine, 'service', 'reload', 'web');
    await until('it has read its files again', async () => (await t.ask('web')).version === '1.0.0-reloaded');

    await succeed(machine, 'service', 'stop', 'web');
    expect(await t.answers('web')).toBe(false);
    expect(await machine.property(unit, 'ActiveState')).toBe('inactive');
    expect(await status(machine)).toMatchObject([{ state: 'stopped', pid: null }]);
  });

  test('is started again by systemd when it was killed, and status shows the new process', async () => {
    const { t, machine } = await systemdBench();
    await install(machine, await t.web('web', '1.0.0', SERVICE));
    const { pid } = await t.ask('web');
    await machine.ok('kill', '-KILL', String(pid));
    await until('another answers', async () => ![undefined, pid].includes((await heard(t))?.pid));
    expect(await status(machine)).toMatchObject([{ state: 'running', pid: (await t.ask('web')).pid }]);
  });

  test('runs from the folder of the new version after an upgrade, also when systemd starts it', async () => {
    const { t, machine, unit } = await systemdBench();
    await install(machine, await t.web('web', '1.0.0', SERVICE));
    const before = fs.readFileSync(machine.unit(`${unit}.service`), 'utf8');
    await install(machine, await t.web('web', '2.0.0', SERVICE));
    const after = fs.readFileSync(machine.unit(`${unit}.service`), 'utf8');
    expect(before).toContain('/store/web/1.0.0-');
    expect(after).toContain('/store/web/2.0.0-');
    expect(await t.ask('web')).toMatchObject({ version: '2.0.0' });
    await machine.ok('systemctl', 'restart', unit);
    await until('it answers again', async () => (await heard(t))?.version === '2.0.0');
  });

  test('has its former unit and its former process back when an upgrade is undone', async () => {
    const { t, machine, unit } = await systemdBench();
    await install(machine, await t.web('web', '1.0.0', SERVICE));
    const before = unitTexts(machine);
    const bad = { ...SERVICE, ready: { ...READY, header: { 'x-version': '2.0.0' }, timeout: '1s' } };
    const ended = await machine.pkg('install', '--yes', await t.web('web', '2.0.0', bad));
    expect(ended.exit).toBe(7);
    expect(unitTexts(machine)).toEqual(before);
    expect(await machine.property(unit, 'NeedDaemonReload')).toBe('no');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect(await machine.ok('systemctl', 'is-enabled', unit)).toBe('enabled');
  });

  test('has the unit it had when it never started with the words it was given', async () => {
    const { t, machine, unit } = await systemdBench();
    const serve = `#!/bin/sh\ntest "$2" != --bad || exit 1\nexec ${process.execPath} server.js "$@"\n`;
    const picky = { ...SERVICE, start: ['bin/serve', '${port}'], autostart: false };
    await install(machine, await t.web('web', '1.0.0', picky, { files: { 'bin/serve': serve } }));
    await succeed(machine, 'service', 'enable', 'web');
    const kept = () => [unitTexts(machine), JSON.parse(t.read('run/web.server.json'))];
    const before = kept();
    expect((await machine.pkg('service', 'start', 'web', '--', '--bad')).exit).toBe(7);
    expect(kept()).toEqual(before);
    expect(await machine.property(unit, 'NeedDaemonReload')).toBe('no');
    await machine.ok('systemctl', 'start', unit);
    await until('it answers', async () => (await heard(t)) !== null);
    expect(await t.ask('web')).toMatchObject({ words: [] });
  });

  test('leaves nothing behind when it is removed', async () => {
    const { t, machine, unit } = await systemdBench();
    await install(machine, await t.web('web', '1.0.0', SERVICE));
    await succeed(machine, 'remove', '--yes', '--stop', 'web');
    expect(Object.keys(unitTexts(machine))).toEqual([]);
    expect(await machine.property(unit, 'LoadState')).toBe('not-found');
    expect(await t.answers('web')).toBe(false);
  });

  test('is there again, with its unit, when its removal is undone', async () => {
    const { t, machine, unit } = await systemdBench();
    await distributionUnit(machine);
    const service = { ...SERVICE, supersedes: ['their-web.service'] };
    await install(machine, await t.web('web', '1.0.0', service, { hooks: { postremove: 'exit 1' } }));
    const before = unitTexts(machine);
    expect((await machine.pkg('remove', '--yes', '--stop', 'web')).exit).toBe(1);
    expect(unitTexts(machine)).toEqual(before);
    expect(await machine.ok('systemctl', 'is-enabled', unit)).toBe('enabled');
    expect(await machine.property('their-web', 'ActiveState')).toBe('inactive');
    expect(await machine.property('their-web', 'UnitFileState')).toBe('disabled');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
  });

  test('shares the recovery after a boot with the others of its root, and the last one takes it along', async () => {
    const { t, machine, unit } = await systemdBench();
    await install(machine, await t.web('web', '1.0.0', SERVICE));
    await install(machine, await t.web('other', '1.0.0', SERVICE));
    const recovery = `pkg-recover-${unit.split('-')[1]}.service`;
    await succeed(machine, 'remove', '--yes', '--stop', 'web');
    expect(Object.keys(unitTexts(machine)).toSorted()).toEqual([
      unit.replace('web', 'other').concat('.service'),
      recovery,
    ]);
    await succeed(machine, 'remove', '--yes', '--stop', 'other');
    expect(Object.keys(unitTexts(machine))).toEqual([]);
  });

  test('goes over from a process of its own to systemd with an upgrade, and back', async () => {
    const { t, machine, unit } = await systemdBench();
    await install(machine, await t.web('web', '1.0.0', { ...SERVICE, manager: 'process' }));
    await install(machine, await t.web('web', '2.0.0', SERVICE));
    expect(await machine.property(unit, 'MainPID')).toBe(String((await t.ask('web')).pid));
    await succeed(machine, 'rollback', '--yes');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect(await status(machine)).toMatchObject([{ state: 'running', supervised: false }]);
    expect(await machine.property(unit, 'LoadState')).toBe('not-found');
  });

  test.each([
    ['ends at once', "console.log('no licence'); process.exitCode = 3", 'no licence'],
    ['cannot be run as that user', '', "'exit-code', it ended with 217"],
  ])('says why, when its program %s', async (why, program, message) => {
    const { t, machine } = await systemdBench();
    const user = why.includes('user') ? { user: 'nobody-knows' } : {};
    const service = { ...SERVICE, start: [process.execPath, '-e', program], ...user };
    const ended = await machine.pkg('install', '--yes', await t.web('web', '1.0.0', service));
    expect(ended.exit).not.toBe(0);
    expect(ended.err).toContain(message);
    expect(Object.keys(unitTexts(machine))).toEqual([]);
  });

  test('may go into the background if it says so, and only then', async () => {
    const { t, machine, unit } = await systemdBench();
    const pidFile = t.at('run', 'daemon.pid');
    const start = [
      'redis-server',
      '--bind',
      '127.0.0.1',
      '--port',
      '${port}',
      '--save',
      '',
      '--daemonize',
      'yes',
      '--pidfile',
      pidFile,
    ];
    const daemon = { ...SERVICE, start, pidFile, forks: true, ready: { tcp: '127.0.0.1:${port}', timeout: '5s' } };
    await install(machine, await t.web('web', '1.0.0', daemon));
    expect(await machine.property(unit, 'MainPID')).toBe(fs.readFileSync(pidFile, 'utf8').trim());
    const ended = await machine.pkg('install', '--yes', await t.web('web', '2.0.0', { ...daemon, forks: false }));
    expect(ended.exit).not.toBe(0);
    expect(ended.err).toContain('must declare `forks`');
    expect(await machine.property(unit, 'MainPID')).toBe(fs.readFileSync(pidFile, 'utf8').trim());
  });

  test('loses no connection in a restart where systemd keeps its socket', async () => {
    const { t, machine, unit } = await systemdBench();
    await install(machine, await t.web('web', '1.0.0', HANDED_OVER, HANDED_OVER_FILES));
    const first = await t.ask('web');
    const seen: string[] = [];
    let isOver = false;
    onTestFinished(() => void (isOver = true));
    const visitor = (async () => {
      while (!isOver) seen.push(await t.ask('web').then(({ version }) => version, String));
    })();
    await install(machine, await t.web('web', '2.0.0', HANDED_OVER, HANDED_OVER_FILES));
    await succeed(machine, 'rollback', '--yes');
    isOver = true;
    await visitor;
    expect([...new Set(seen)]).toEqual(['1.0.0', '2.0.0']);
    expect((await t.ask('web')).pid).not.toBe(first.pid);
    expect(await machine.property(`${unit}.socket`, 'ActiveState')).toBe('active');

    await succeed(machine, 'service', 'stop', 'web');
    expect(await t.answers('web')).toBe(false);
    await succeed(machine, 'remove', '--yes', 'web');
    expect(fs.existsSync(machine.unit(`${unit}.socket`))).toBe(false);
  });

  test('has the port back from systemd when a version wants it itself, and the other way round', async () => {
    const { t, machine, unit } = await systemdBench();
    await install(machine, await t.web('web', '1.0.0', SERVICE));
    await install(machine, await t.web('web', '2.0.0', HANDED_OVER, HANDED_OVER_FILES));
    expect(await t.ask('web')).toMatchObject({ version: '2.0.0' });
    await succeed(machine, 'rollback', '--yes');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect(fs.existsSync(machine.unit(`${unit}.socket`))).toBe(false);
  });

  test('is ready when it says so itself, and not started when it never does', async () => {
    const { t, machine, unit } = await systemdBench();
    const says = (words: string) => ['/bin/sh', '-c', `${words} exec "$0" server.js "$1"`, process.execPath, '${port}'];
    const notifying = { ...SERVICE, notify: true, ready: { ...READY, timeout: '2s' } };
    await install(machine, await t.web('web', '1.0.0', { ...notifying, start: says('systemd-notify --ready;') }));
    expect(await machine.property(unit, 'Type')).toBe('notify');
    const ended = await machine.pkg('install', '--yes', await t.web('web', '2.0.0', { ...notifying, start: says('') }));
    expect(ended.exit).toBe(1);
    expect(ended.err).toContain("systemd says 'timeout'");
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
  });

  test('is not installed when systemd would not accept its unit', async () => {
    const { t, machine } = await systemdBench();
    const ended = await machine.pkg(
      'install',
      '--yes',
      await t.web('web', '1.0.0', { ...SERVICE, start: ['/nowhere/program'] }),
    );
    expect(ended.exit).toBe(1);
    expect(ended.err).toContain('systemd does not accept');
    expect(ended.err).toContain('/nowhere/program');
    expect(Object.keys(unitTexts(machine))).toEqual([]);
  });

  test('is not installed over a unit of the same name that somebody else has made', async () => {
    const { t, machine } = await systemdBench();
    await install(machine, await t.web('web', '1.0.0', { ...SERVICE, autostart: false }));
    const other = `${machine.unitName.slice(0, -'web-server'.length)}other-server.service`;
    fs.writeFileSync(machine.unit(other), '[Service]\nExecStart=/bin/true\n');
    const ended = await machine.pkg('install', '--yes', await t.web('other', '1.0.0', SERVICE));
    expect(ended.exit).toBe(3);
    expect(ended.err).toContain(other);
    expect(fs.readFileSync(machine.unit(other), 'utf8')).toBe('[Service]\nExecStart=/bin/true\n');
  });

  test('takes the place of the unit of the distribution, and gives it back when it is removed', async () => {
    const { t, machine } = await systemdBench();
    await distributionUnit(machine);
    await install(machine, await t.web('web', '1.0.0', { ...SERVICE, supersedes: ['their-web.service'] }));
    expect(await machine.property('their-web', 'ActiveState')).toBe('inactive');
    expect(await machine.property('their-web', 'UnitFileState')).toBe('disabled');
    await succeed(machine, 'remove', '--yes', '--stop', 'web');
    expect(await machine.property('their-web', 'ActiveState')).toBe('active');
    expect(await machine.property('their-web', 'UnitFileState')).toBe('enabled');
  });

  test('gives the unit of the distribution back at once when the install is undone', async () => {
    const { t, machine } = await systemdBench();
    await distributionUnit(machine);
    const service = { ...SERVICE, supersedes: ['their-web.service'], ready: { ...READY, status: 500, timeout: '1s' } };
    expect((await machine.pkg('install', '--yes', await t.web('web', '1.0.0', service))).exit).toBe(7);
    expect(await machine.property('their-web', 'ActiveState')).toBe('active');
    expect(await machine.property('their-web', 'UnitFileState')).toBe('enabled');
  });

  test('is as it was after pkg was killed between its unit and its start, and recovered', async () => {
    const { t, machine, unit } = await systemdBench();
    await install(machine, await t.web('web', '1.0.0', SERVICE));
    const before = unitTexts(machine);
    const { pid } = await t.ask('web');
    const cut = machine.pkg('install', '--yes', await t.web('web', '2.0.0', SERVICE));
    const unitText = (): string => fs.readFileSync(machine.unit(`${unit}.service`), 'utf8');
    await until('the new unit is written', () => unitText().includes('/store/web/2.0.0-'));
    for (const program of programsOn(t.root)) process.kill(program, 'SIGKILL');
    await cut;
    await succeed(machine, 'recover');
    expect(unitTexts(machine)).toEqual(before);
    expect(await machine.property(unit, 'NeedDaemonReload')).toBe('no');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0', pid });
  });

  test('comes up after a power failure, in the version that was there before an upgrade was cut short', async () => {
    const { t, machine, unit } = await systemdBench();
    await install(machine, await t.web('web', '1.0.0', SERVICE));
    const before = unitTexts(machine);
    const slow = { ...SERVICE, ready: { ...READY, status: 500, timeout: '60s' } };
    const cut = machine.pkg('install', '--yes', await t.web('web', '2.0.0', slow));
    await until('the new version runs', async () => (await heard(t))?.version === '2.0.0');
    await machine.reboot();
    await cut;
    await until('the old version is up', async () => (await heard(t))?.version === '1.0.0');
    expect(unitTexts(machine)).toEqual(before);
    expect(await status(machine)).toMatchObject([{ state: 'running', runningVersion: '1.0.0' }]);
    const recovery = `pkg-recover-${unit.split('-')[1]}`;
    expect(await machine.property(recovery, 'Result')).toBe('success');

    // systemd has started it since anybody noted how; an undo brings it back all the same.
    const bad = { ...SERVICE, ready: { ...READY, status: 500, timeout: '1s' } };
    expect((await machine.pkg('install', '--yes', await t.web('web', '3.0.0', bad))).exit).toBe(7);
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });

    // Nobody recovers at boot.
    const again = machine.pkg('install', '--yes', await t.web('web', '2.0.0', slow));
    await until('the new version runs', async () => (await heard(t))?.version === '2.0.0');
    await machine.ok('systemctl', 'disable', recovery);
    await machine.reboot();
    await again;
    await until('systemd has started what it found', async () => (await heard(t))?.version === '2.0.0');
    const byHand = await machine.pkg('recover');
    expect(byHand).toMatchObject({ exit: 0 });
    expect(byHand.err).toContain('web/server 1.0.0 is ready after');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect(unitTexts(machine)).toEqual(before);
  });

  test('comes up in its turn, and then one that needs it and that systemd does not keep', async () => {
    const { t, machine, unit: web } = await systemdBench();
    // systemd writes + as \\x2b, which has to arrive wherever the unit is named
    const unit = web.replace('web', 'c\\x2b\\x2b');
    const needy = { depends: { 'c++': '*' } };
    await install(machine, await t.web('c++', '1.0.0', SERVICE));
    await install(machine, await t.web('app', '1.0.0', { ready: READY, autostart: true }, needy));
    const slow = { ready: { ...READY, status: 500, timeout: '60s' } };
    const cut = machine.pkg('install', '--yes', await t.web('app', '2.0.0', slow, needy));
    await until('the new version runs', async () => (await heard(t, 'app'))?.version === '2.0.0');
    await machine.reboot();
    await cut;
    const recovery = `pkg-recover-${unit.split('-')[1]}`;
    expect(await machine.property(recovery, 'ActiveState')).toBe('inactive');
    expect(await machine.property(recovery, 'Result')).toBe('success');
    await until('both are up', async () => (await heard(t, 'app'))?.version === '1.0.0');
    expect(await t.ask('c++')).toMatchObject({ version: '1.0.0' });
    // systemd has started its own when it was its turn, and who needs it waited.
    const ended = Number(await machine.property(recovery, 'ExecMainExitTimestampMonotonic'));
    expect(Number(await machine.property(unit, 'ExecMainStartTimestampMonotonic'))).toBeGreaterThan(ended);
    expect(await status(machine)).toMatchObject([{ state: 'running' }, { state: 'running' }]);
  });
});

const READY = { http: 'http://127.0.0.1:${port}/', timeout: '20s' };

const SERVICE = {
  manager: 'systemd',
  path: 'exact',
  reload: { command: ['/bin/sh', '-c', 'kill -HUP $MAINPID'] },
  ready: READY,
  autostart: true,
};

/** It answers on the socket that systemd hands over, and lets go of it when it is told to end. */
const HANDED_OVER_FILES = {
  files: {
    'server.js': `
const answer = (request, response) =>
  response.writeHead(200, { connection: 'close' }).end(JSON.stringify({ version: process.env.PKG_VERSION, pid: process.pid }));
const server = require('node:http').createServer(answer).listen({ fd: 3 });
process.on('SIGTERM', () => server.close());
`,
  },
};

const HANDED_OVER = {
  ...SERVICE,
  start: [process.execPath, 'server.js'],
  reload: undefined,
  socket: '127.0.0.1:${port}',
};

type Machine = Awaited<ReturnType<typeof bootedMachine>>;

async function systemdBench() {
  const t = await serviceBench();
  const machine = await bootedMachine(t.home);
  // The root comes with the first install, and the names of the units with the root.
  await install(machine, await t.bundle('ground', '1.0.0'));
  const { id } = JSON.parse(fs.readFileSync(t.at('root.json'), 'utf8'));
  const unitName = `pkg-${id}-web-server`;
  return { t, machine: { ...machine, unitName }, unit: unitName };
}

/** Every `pkg` that is at work on this root. */
function programsOn(root: string): readonly number[] {
  return listProcesses()
    .filter(({ pid }) => readText(`/proc/${pid}/environ`)?.split('\0').includes(`PKG_ROOT=${root}`))
    .filter(({ pid }) => readText(`/proc/${pid}/cmdline`)?.split('\0').includes(PROGRAM))
    .map(({ pid }) => pid);
}

/** What the server answers; null while nothing does. */
async function heard(
  t: ServiceBench,
  name = 'web',
): Promise<{ readonly version: string; readonly pid: number } | null> {
  return t.ask(name).catch(() => null);
}

async function install(machine: Machine, file: string): Promise<void> {
  await succeed(machine, 'install', '--yes', file);
}

async function succeed(machine: Machine, ...words: readonly string[]): Promise<string> {
  const { exit, out, err } = await machine.pkg(...words);
  if (exit !== 0) throw new Error(`pkg ${words.join(' ')} ended with ${exit}:\n${err}\n${out}`);
  return out;
}

async function status(machine: Machine): Promise<readonly object[]> {
  return JSON.parse(await succeed(machine, 'status', '--json')).services;
}

/** Every unit of ours, by file name. */
function unitTexts(machine: Machine): Readonly<Record<string, string>> {
  const folder = machine.unit('.');
  const names = fs.readdirSync(folder).filter((name) => name.startsWith('pkg-') && name.endsWith('.service'));
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(machine.unit(name), 'utf8')]));
}

/** The same service as the distribution would bring it: enabled and running. */
async function distributionUnit(machine: Machine): Promise<void> {
  fs.writeFileSync(
    machine.unit('their-web.service'),
    '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n',
  );
  await machine.ok('systemctl', 'daemon-reload');
  await machine.ok('systemctl', 'enable', '--now', 'their-web');
}
