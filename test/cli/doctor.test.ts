import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { doctor, LOOKS } from '../../src/operations/doctor/doctor.ts';
import { serviceBench } from '../operations/service-bench.ts';
import { mountMemory, needsMounts } from '../support/mounts.ts';
import { workbench } from '../support/pkg.ts';

type Bench = { readonly root: string; readonly home: string };

/** The answers under one name, on a machine whose files are `etc`. */
async function look(t: Bench, name: string, etc: Readonly<Record<string, string>> = {}) {
  const machine = path.join(t.home, 'machine');
  for (const [file, text] of Object.entries(etc)) {
    fs.mkdirSync(path.dirname(path.join(machine, file)), { recursive: true });
    fs.writeFileSync(path.join(machine, file), text);
  }
  return (await doctor(t.root, { machine })).filter((check) => check.name === name);
}

describe('pkg doctor', () => {
  test('looks at everything by name, finds nothing wrong where all is well, and ends with 0', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    const { json } = await t.pkg('doctor', '--json');
    expect(json.checks.map(({ name }: { name: string }) => name)).toEqual(Object.keys(LOOKS));
    const wrong = json.checks.filter(({ ok, name }: { ok: boolean; name: string }) => !ok && name !== 'memory');
    expect(wrong).toEqual([]);
  });

  test('has every name explained', () => {
    const page = fs.readFileSync(new URL('../../docs/doctor.md', import.meta.url), 'utf8');
    expect(Object.keys(LOOKS).filter((name) => !page.includes(`\n| \`${name}\` |`))).toEqual([]);
  });

  test('has nothing to say where nothing is installed', async () => {
    const { exit, json } = await workbench().pkg('doctor', '--json');
    expect(exit).toBe(0);
    expect(json.checks).toMatchObject([{ name: 'pointer', ok: true }]);
  });

  test('ends with 1 and the command that helps when a shipped file was changed', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    t.tamper('current/bundles/a/data.txt', 'changed\n');
    const { exit, out } = await t.pkg('doctor', '--quiet');
    expect(exit).toBe(1);
    expect(out).toMatch(/^wrong {2}files +not as shipped: a: data\.txt \(changed\)/m);
    expect(out).toMatch(/^ +fix: pkg verify --repair$/m);
  });

  test('finds a pointer that leads nowhere, and still looks at the rest', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    fs.rmSync(t.at('current'));
    fs.symlinkSync('generations/9', t.at('current'));
    const { exit, json } = await t.pkg('doctor', '--json', '--root', t.root);
    expect(exit).toBe(1);
    expect(json.checks).toContainEqual({
      name: 'pointer',
      ok: false,
      message: expect.stringContaining('generation 9, which is not there'),
      fix: `pkg --root ${t.root} recover`,
    });
    expect(json.checks.length).toBeGreaterThanOrEqual(Object.keys(LOOKS).length);
  });

  test('finds a policy that nobody can read, and still looks at the rest', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    fs.writeFileSync(t.at('settings.json'), '{"keep":');
    const [found] = await look(t, 'policy');
    expect(found).toMatchObject({ ok: false, message: expect.stringContaining(t.at('settings.json')) });
    expect(found?.fix).toContain('the file, or remove it');
    expect(await look(t, 'files')).toMatchObject([{ ok: true }]);
  });

  test('finds a change that was cut short', async () => {
    const t = workbench();
    const hooks = { postinstall: 'echo here > "$PKG_ROOT/here"; kill -9 $PPID' };
    await t.pkg('install', '-y', await t.bundle('a', '1.0.0', { hooks }));
    expect(await look(t, 'transaction')).toMatchObject([{ ok: false, fix: 'pkg recover' }]);
    expect((await look(t, 'transaction'))[0]?.message).toContain('transaction 1 (pkg install');
  });

  test('finds configuration that waits for a decision', async () => {
    const t = workbench();
    const wish = (text: string) => ({ files: { 'etc/a.conf': text }, config: [{ path: 'etc/a.conf' }] });
    await t.ok('install', '-y', await t.bundle('a', '1.0.0', wish('one\n')));
    fs.writeFileSync(t.at('current/etc/a/a.conf'), 'mine\n');
    await t.ok('install', '-y', await t.bundle('a', '2.0.0', wish('two\n')));
    expect(await look(t, 'configuration')).toMatchObject([{ ok: false, fix: 'pkg config merge a' }]);
  });

  test('finds a clock that has gone back', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    vi.useFakeTimers({ now: Date.UTC(2001, 0, 1), toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const [behind] = await look(t, 'clock');
    expect(behind).toMatchObject({ ok: false, fix: 'timedatectl set-ntp true' });
    expect(behind?.message).toContain('transaction 1 began at 20');
  });

  test('finds a time zone that leads nowhere', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    expect(await look(t, 'clock', { 'etc/hostname': 'here\n' })).toMatchObject([{ ok: true }]);
    fs.symlinkSync('/usr/share/zoneinfo/Nowhere/At_All', path.join(t.home, 'machine/etc/localtime'));
    expect(await look(t, 'clock')).toMatchObject([{ ok: false, fix: 'timedatectl set-timezone UTC' }]);
  });
});

describe('around services', () => {
  test('finds one that is gone, and one that nothing starts after a boot', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0'));
    await t.ok('service', 'start', 'web');
    expect(await look(t, 'services')).toMatchObject([{ ok: true }]);
    expect(await look(t, 'boot')).toMatchObject([{ ok: true }]);
    await t.ok('service', 'enable', 'web');
    const [boot] = await look(t, 'boot');
    expect(boot).toMatchObject({ ok: false, message: 'nothing starts web/server after a boot' });
    expect(boot?.fix).toContain(`pkg --root ${t.root} service start --all --boot`);
    const told = { 'etc/cron.d/pkg': '@reboot root pkg service start --all --boot\n' };
    expect(await look(t, 'boot', told)).toMatchObject([{ ok: true }]);
    const line = (root: string) => ({
      'etc/cron.d/pkg': `@reboot root pkg --root ${root} service start --all --boot\n`,
    });
    expect(await look(t, 'boot', line(`${t.root}-of-others`))).toMatchObject([{ ok: false }]);
    expect(await look(t, 'boot', line(t.root))).toMatchObject([{ ok: true }]);

    await t.ask('web', '/die').catch(() => {});
    await expect.poll(async () => (await look(t, 'services'))[0]?.fix).toBe('pkg service start web/server');
  });

  test('finds a stranger on the port of a service', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0'));
    expect(await look(t, 'ports')).toMatchObject([{ ok: true }]);
    const stranger = createServer().listen(await t.portOf('web'), '127.0.0.1');
    await once(stranger, 'listening');
    onTestFinished(() => void stranger.close());
    const [taken] = await look(t, 'ports');
    expect(taken).toMatchObject({ ok: false, fix: `if it may go: kill ${process.pid}` });
    expect(taken?.message).toContain(`of web/server is taken by pid ${process.pid}`);
  });

  test('finds a unit of the distribution, or a script of init, that starts the same', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0', { supersedes: ['pkg-test-none.service'] }));
    expect(await look(t, 'starters')).toMatchObject([{ ok: true }]);
    const script = { 'etc/rc2.d/S02pkg-test-none': '#!/bin/sh\n' };
    expect(await look(t, 'starters', script)).toMatchObject([{ ok: false, fix: 'update-rc.d pkg-test-none disable' }]);
    const unit = { 'etc/systemd/system/multi-user.target.wants/pkg-test-none.service': '[Unit]\n' };
    const [starter] = await look(t, 'starters', unit);
    expect(starter).toMatchObject({ ok: false, fix: 'systemctl disable --now pkg-test-none.service' });
    expect(starter?.message).toContain('starts the same as web/server');
  });

  test('finds the record of a service that no generation has', async () => {
    const t = await serviceBench();
    await t.ok('install', '-y', await t.web('web', '1.0.0'));
    await t.ok('service', 'start', 'web');
    await t.ok('service', 'stop', 'web');
    fs.renameSync(t.at('run/web.server.json'), t.at('run/old.server.json'));
    expect(await look(t, 'records')).toMatchObject([{ ok: false, fix: 'pkg gc' }]);
  });

  test.each([
    ['nginx', 'etc/nginx/nginx.conf', 'disable_symlinks on;', 'root ROOT/current;', 'disable_symlinks off;'],
    ['apache', 'etc/apache2/a.conf', 'Options Indexes -FollowSymLinks', 'DocumentRoot ROOT', 'Options +FollowSymLinks'],
  ])('finds that %s may not follow links to what it serves', async (_server, file, setting, serves, fix) => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    const place = serves.replace('ROOT', t.root);
    expect(await look(t, 'links', { [file]: `${setting}\n` })).toMatchObject([{ ok: true }]);
    expect(await look(t, 'links', { [file]: `# ${setting}\n${place}\n` })).toMatchObject([{ ok: true }]);
    expect(await look(t, 'links', { [file]: `${setting}\n${place}\n` })).toMatchObject([
      { ok: false, fix: `write there: ${fix}` },
    ]);
  });
});

test('pkg doctor follows links to folders of the machine once, and waits for no pipe', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
  const [nginx, sites] = [path.join(t.home, 'machine/etc/nginx'), path.join(t.home, 'machine/srv/sites')];
  for (const folder of [nginx, sites]) fs.mkdirSync(folder, { recursive: true });
  for (const circle of ['one', 'two', 'three']) fs.symlinkSync('.', path.join(nginx, circle));
  fs.symlinkSync(sites, path.join(nginx, 'sites'));
  execFileSync('mkfifo', [path.join(nginx, 'pipe')]);
  const found = await look(t, 'links', { 'srv/sites/a.conf': `root ${t.root}/current;\ndisable_symlinks on;\n` });
  expect(found).toMatchObject([{ ok: false, message: expect.stringContaining('etc/nginx/sites/a.conf forbids') }]);
});

describe('around the disk', () => {
  needsMounts();

  test('finds a root that lies in memory, and one that is nearly full', async () => {
    const t = workbench();
    mountMemory(t.root, 'size=32m');
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    expect(await look(t, 'memory')).toMatchObject([{ ok: false, fix: `move it to a disk: cp -a ${t.root} DISK` }]);
    expect(await look(t, 'space')).toMatchObject([{ ok: false, fix: 'pkg gc --keep 1' }]);
  });
});
