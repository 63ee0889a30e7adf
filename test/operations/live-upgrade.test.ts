import fs from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { until } from '../support/pkg.ts';
import { serviceBench } from './service-bench.ts';

const seesVersion = {
  autostart: true,
  path: 'exact',
  reload: undefined,
  ready: { http: 'http://127.0.0.1:${port}/', body: '"version":"${version}"', timeout: '5s' },
} as const;

/** `web` 1.0.0 runs. */
async function running(service: object = {}) {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.web('web', '1.0.0', { ...seesVersion, ...service }));
  return t;
}

/** What `pkg status` says of the only service. */
async function only(t: Awaited<ReturnType<typeof serviceBench>>) {
  return (await t.ok('status', '--json')).json.services[0];
}

describe('an upgrade of what runs', () => {
  test('is started with its first install, restarted by an upgrade, and back with a rollback', async () => {
    const t = await running();
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    const { json } = await t.ok('install', '-y', '--json', await t.web('web', '2.0.0', seesVersion));
    expect(json).toMatchObject({ outcome: 'committed', changes: [{ name: 'web', class: 'restart' }] });
    expect(await t.ask('web')).toMatchObject({ version: '2.0.0' });
    expect(await only(t)).toMatchObject({ state: 'running', runningVersion: '2.0.0', installedVersion: '2.0.0' });
    await t.ok('rollback', '-y');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    await t.ok('downgrade', '--force', '-y', await t.web('web', '0.9.0', seesVersion));
    expect(await only(t)).toMatchObject({ state: 'running', runningVersion: '0.9.0' });
  });

  test('leaves down what was stopped', async () => {
    const t = await running();
    await t.ok('service', 'stop', 'web');
    await t.ok('install', '-y', await t.web('web', '2.0.0', seesVersion));
    expect(await only(t)).toMatchObject({ state: 'stopped', pid: null, installedVersion: '2.0.0' });
    expect(await t.answers('web')).toBe(false);
  });

  test('says before anything starts what it will do, why, and what the way back is', async () => {
    const t = await running();
    const offered = await t.web('web', '2.0.0', seesVersion);
    const { json } = await t.ok('plan', 'install', '--json', offered);
    expect(json).toMatchObject({
      class: 'restart',
      pointOfNoReturn: null,
      wayBack: { class: 'restart', loses: [] },
      changes: [{ name: 'web', from: '1.0.0', to: '2.0.0', direction: 'up', class: 'restart' }],
    });
    expect(json.interruption).toBeGreaterThan(0);
    const text = (await t.ok('plan', 'install', offered)).out;
    expect(text).toContain('restart web/server: no way is declared from 1.0.0');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
  });

  test('restarts what depends on what changes, and names it', async () => {
    const t = await serviceBench();
    const lib = (version: string) => t.bundle('lib', version);
    const app = await t.web('app', '1.0.0', seesVersion, { depends: { lib: '*' } });
    await t.ok('install', '-y', await lib('1.0.0'), app);
    const { pid } = await t.ask('app');
    const planned = await t.ok('install', '-y', await lib('2.0.0'));
    expect(planned.err).toContain('restart app/server: it depends on lib, which changes');
    expect((await t.ask('app')).pid).not.toBe(pid);
  });

  test('keeps the words that the operator started it with', async () => {
    const t = await running({ autostart: false });
    await t.ok('service', 'start', 'web', '--', '--loud');
    await t.ok('install', '-y', await t.web('web', '2.0.0', seesVersion));
    expect(await t.ask('web')).toMatchObject({ version: '2.0.0', words: ['--loud'] });
  });
});

describe('what fails is undone while the old one serves', () => {
  test('a new version that does not start', async () => {
    const t = await running();
    const broken = await t.web('web', '2.0.0', { ...seesVersion, start: [process.execPath, '-e', 'process.exit(3)'] });
    const ended = await t.pkg('install', '-y', '--json', broken);
    expect(ended.exit).toBe(7);
    expect(ended.json).toMatchObject({ outcome: 'undone', generation: 1, failedStep: { kind: 'restart-service' } });
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect(await only(t)).toMatchObject({ state: 'running', runningVersion: '1.0.0', installedVersion: '1.0.0' });
  });

  test('a new version that dies after it said yes', async () => {
    const t = await running();
    const server =
      'require("http").createServer((q,r)=>{r.end(\'{"version":"2.0.0"}\');setTimeout(()=>process.exit(1),50)}).listen(process.argv[1],"127.0.0.1")';
    const start = [process.execPath, '-e', server, '${port}'];
    const ready = { ...seesVersion.ready, soak: '2s' };
    const ended = await t.pkg('install', '-y', await t.web('web', '2.0.0', { ...seesVersion, start, ready }));
    expect(ended.exit).toBe(7);
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
  });

  test('a reload that says yes and goes on serving the old version', async () => {
    const reloading = {
      ...seesVersion,
      path: 'current',
      reload: { command: ['/bin/true'] },
      ready: { ...seesVersion.ready, timeout: '700ms' },
    };
    const t = await running(reloading);
    const { pid } = await t.ask('web');
    const upgrade = { up: [{ from: '1.x', steps: [{ reload: 'server' }] }], down: [{ to: '1.x', steps: [] }] };
    const ended = await t.pkg('install', '-y', '--json', await t.web('web', '2.0.0', reloading, { upgrade }));
    expect(ended.exit).toBe(7);
    expect(ended.error.code).toBe('not-ready');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0', pid });
    expect((await t.ok('list', '--json')).json.bundles).toMatchObject([{ name: 'web', version: '1.0.0' }]);
  });

  test('a line in the log that must not be there', async () => {
    const t = await running();
    const log = { path: '${root}/log/web.server.log', mustNotMatch: '\\[error\\]' };
    const start = ['/bin/sh', '-c', 'echo "[error] no cache"; exec "$0" server.js "$1"', process.execPath, '${port}'];
    const ended = await t.pkg('install', '-y', '--json', await t.web('web', '2.0.0', { ...seesVersion, log, start }));
    expect(ended.exit).toBe(7);
    expect(ended.error).toMatchObject({ code: 'log-failed' });
    expect(ended.error.message).toContain('[error] no cache');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
  });

  test('a later bundle of the same change', async () => {
    const t = await running();
    const bad = await t.bundle('late', '1.0.0', { hooks: { postinstall: 'exit 1' } });
    const ended = await t.pkg('install', '-y', await t.web('web', '2.0.0', seesVersion), bad);
    expect(ended.exit).toBe(1);
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });
});

test('somebody else who answers on its port is not believed', async () => {
  const t = await serviceBench();
  const port = await t.portOf('web');
  const stranger = createHttpServer((_, response) => response.end('fine')).listen(port, '127.0.0.1');
  onTestFinished(() => void stranger.close());
  // It takes its time before it finds out that it cannot have the port, which it has not declared.
  const start = ['/bin/sh', '-c', 'sleep 0.5; exec "$0" server.js "$1"', process.execPath, String(port)];
  const wish = { ...seesVersion, ports: undefined, start, ready: { http: `http://127.0.0.1:${port}/` } };
  const ended = await t.pkg('install', '-y', '--json', await t.web('web', '1.0.0', wish));
  expect([ended.exit, ended.json.outcome]).toEqual([7, 'undone']);
  expect(ended.error.message).toContain('EADDRINUSE');
});

describe('what is refused before anything is touched', () => {
  test('removing what runs, unless stopping it is meant', async () => {
    const t = await running();
    const refused = await t.pkg('remove', '-y', '--json', 'web');
    expect([refused.exit, refused.error.code]).toEqual([3, 'service-running']);
    expect(await t.answers('web')).toBe(true);
    await t.ok('remove', '-y', '--stop', 'web');
    expect(await t.answers('web')).toBe(false);
    expect(await t.installed()).toEqual([]);
  });

  test('a port that a stranger has', async () => {
    const t = await serviceBench();
    const stranger = createServer().listen(await t.portOf('web'), '127.0.0.1');
    onTestFinished(() => void stranger.close());
    const refused = await t.pkg('install', '-y', '--json', await t.web('web', '1.0.0', seesVersion));
    expect([refused.exit, refused.error.code]).toEqual([3, 'port-taken']);
    expect(refused.error.message).toContain(`pid ${process.pid}`);
    expect(fs.existsSync(t.at('current'))).toBe(false);
  });

  test('more disturbance than allowed', async () => {
    const t = await running();
    const offered = await t.web('web', '2.0.0', seesVersion);
    const byClass = await t.pkg('install', '-y', '--json', '--max-class', 'reload', offered);
    expect([byClass.exit, byClass.error.code]).toEqual([3, 'limit-exceeded']);
    const byTime = await t.pkg('install', '-y', '--json', '--max-interruption', '1ms', offered);
    expect([byTime.exit, byTime.error.code]).toEqual([3, 'limit-exceeded']);
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
  });

  test('a manager that is not there', async () => {
    const t = await serviceBench();
    const wish = {
      ...seesVersion,
      manager: fs.existsSync('/run/systemd/system') ? 'runit' : 'systemd',
      path: 'current',
    };
    const refused = await t.pkg('install', '-y', '--json', await t.web('web', '1.0.0', wish));
    expect([refused.exit, refused.error.code]).toEqual([3, 'manager-missing']);
  });
});

describe('a trial', () => {
  test('brings the former instance back when nobody commits it in time', async () => {
    const t = await running();
    await t.ok('install', '-y', '--try', '2s', await t.web('web', '2.0.0', seesVersion));
    // On a busy machine its time may be over before anybody could ask.
    expect(t.read('log', 'web.server.log')).toContain('listening as 2.0.0');
    const isBack = async () => {
      const { json } = await t.ok('status', '--json');
      return json.generation === 1 && json.running === null && json.openTransaction === null;
    };
    await until('the trial is over', isBack, 60);
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect(await only(t)).toMatchObject({ state: 'running', runningVersion: '1.0.0' });
  });

  test('is kept by a commit, and given up by a rollback', async () => {
    const t = await running();
    await t.ok('install', '-y', '--try', '10m', await t.web('web', '2.0.0', seesVersion));
    await t.ok('rollback', '-y');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    await t.ok('install', '-y', '--try', '10m', await t.web('web', '2.0.0', seesVersion));
    await t.ok('commit');
    expect(await t.ask('web')).toMatchObject({ version: '2.0.0' });
    await t.ok('rollback', '-y');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
  });
});

describe('new settings', () => {
  test('reach the service that runs', async () => {
    const t = await serviceBench();
    const settings = { greeting: { type: 'string', default: 'hello' } };
    const start = [process.execPath, 'server.js', '${port}', '${setting.greeting}'];
    await t.ok('install', '-y', await t.web('web', '1.0.0', { ...seesVersion, start }, { settings }));
    expect(await t.ask('web')).toMatchObject({ words: ['hello'] });
    await t.ok('settings', 'set', '-y', 'web', 'greeting=moin');
    expect(await t.ask('web')).toMatchObject({ words: ['moin'] });
    await t.ok('rollback', '-y');
    expect(await t.ask('web')).toMatchObject({ words: ['hello'] });
  });
});
