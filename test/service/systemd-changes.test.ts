import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { serviceBench } from '../operations/service-bench.ts';
import { needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { bootedMachine } from '../support/systemd.ts';

const TELL = 'echo "$PKG_CHANGED_FILES" >"$PKG_ROOT/told"; kill -HUP $MAINPID';

const SERVICE = {
  manager: 'systemd',
  path: 'exact',
  reload: { command: ['/bin/sh', '-c', TELL] },
  ready: { http: 'http://127.0.0.1:${port}/', timeout: '20s' },
  autostart: true,
};

const FILES = {
  files: { 'etc/web.conf': 'workers 4\n', 'etc/tls.conf': 'off\n' },
  config: [{ path: 'etc/web.conf' }, { path: 'etc/tls.conf' }],
};

describe('on a machine with systemd', () => {
  needs('root', 'systemctl', 'systemd-analyze', 'unshare');
  needsMounts();

  test('edits are told to the reload, damage of units is found and fixed, and a trial goes back by itself', async () => {
    const t = await serviceBench();
    const machine = await bootedMachine(t.home);
    const pkg = async (...words: readonly string[]): Promise<string> => {
      const { exit, out, err } = await machine.pkg(...words);
      if (exit !== 0) throw new Error(`pkg ${words.join(' ')} ended with ${exit}:\n${err}\n${out}`);
      return out;
    };
    const service = async () => JSON.parse(await pkg('status', '--json')).services[0];
    await pkg('install', '--yes', await t.web('web', '1.0.0', SERVICE, FILES));
    const { id } = JSON.parse(t.read('root.json'));
    const unit = `pkg-${id}-web-server`;
    const damage = async () => {
      const { out } = await machine.pkg('verify', '--json');
      return JSON.parse(out).damage.map((one: { path: string; change: string }) => `${one.path} ${one.change}`);
    };

    const conf = t.at('current/etc/web/web.conf');
    fs.writeFileSync(conf, 'workers 8\n');
    expect((await service()).notLoaded).toEqual(['web.conf']);
    await pkg('service', 'reload', 'web');
    expect(t.read('told')).toBe('web.conf\n');
    expect((await service()).notLoaded).toEqual([]);
    expect(fs.readdirSync(t.at('run')).filter((name) => name.includes('news'))).toEqual([]);
    // Whom systemd starts again has read what lies there, and what is edited from then on it has not.
    fs.writeFileSync(conf, 'workers 9\n');
    await machine.ok('systemctl', 'restart', unit);
    await until('it answers again', () => t.answers('web'));
    expect((await service()).notLoaded).toEqual([]);
    fs.writeFileSync(t.at('current/etc/web/tls.conf'), 'on\n');
    expect((await service()).notLoaded).toEqual(['tls.conf']);

    expect(await damage()).toEqual([]);
    const unitFile = machine.unit(`${unit}.service`);
    const made = fs.readFileSync(unitFile, 'utf8');
    fs.writeFileSync(unitFile, made.replace('Restart=on-failure', 'Restart=no'));
    fs.chmodSync(t.at('run/web.server.env'), 0o644);
    fs.rmSync(machine.unit(`pkg-recover-${id}.service`));
    expect(await damage()).toEqual([
      `/etc/systemd/system/pkg-recover-${id}.service missing`,
      `/etc/systemd/system/${unit}.service changed`,
      'run/web.server.env mode',
    ]);
    await pkg('verify', '--repair');
    expect(await damage()).toEqual([]);
    expect(fs.readFileSync(unitFile, 'utf8')).toBe(made);
    expect(await machine.ok('systemctl', 'is-enabled', `pkg-recover-${id}`)).toBe('enabled');

    await pkg('install', '--yes', '--try', '3s', await t.web('web', '2.0.0', SERVICE, FILES));
    expect((await t.ask('web')).version).toBe('2.0.0');
    const units = await machine.ok('systemctl', 'list-units', '--all', '--plain', '--no-legend', '--full');
    expect(units).toContain(`pkg: trial 2 of ${t.root}`);
    const isBack = async () => (await t.ask('web').catch(() => null))?.version === '1.0.0';
    await until('the time of the trial is over', isBack, 60);
    await until('it is over for everybody', async () => JSON.parse(await pkg('status', '--json')).generation === 1);
    expect((await service()).runningVersion).toBe('1.0.0');
    expect(fs.readFileSync(conf, 'utf8')).toBe('workers 9\n');
  });

  test('a unit that is replaced by one of another bundle gives it its data, and is as much enabled as it was', async () => {
    const t = await serviceBench();
    const machine = await bootedMachine(t.home);
    const port = await t.portOf('old');
    const bundle = (name: string, version: string, more: object = {}, service: object = {}) =>
      t.web(name, version, { ...SERVICE, ports: [port], ...service }, { data: { directory: true }, ...more });
    const ended = async (...words: readonly string[]) => machine.pkg(...words, '--yes', '--json');
    expect(await ended('install', await bundle('old', '1.0.0'))).toMatchObject({ exit: 0 });
    const { id } = JSON.parse(t.read('root.json'));
    const state = async (name: string) => {
      const [active, enabled] = await Promise.all(
        ['is-active', 'is-enabled'].map((verb) => machine.run('systemctl', verb, `pkg-${id}-${name}-server`)),
      );
      return `${active?.out} ${enabled?.out}`;
    };
    fs.writeFileSync(t.at('data/old/row'), 'precious');
    await machine.pkg('service', 'disable', 'old');
    expect(await state('old')).toBe('active disabled');

    const replaces = { old: '*' };
    // However soon it ends: systemd may know of that before it has told of the start.
    const broken = await bundle('new', '2.0.0', { replaces }, { start: ['/bin/false'] });
    expect(await ended('install', broken)).toMatchObject({ exit: 7 });
    expect([await state('old'), t.read('data/old/row')]).toEqual(['active disabled', 'precious']);
    expect(fs.existsSync(machine.unit(`pkg-${id}-new-server.service`))).toBe(false);

    expect(await ended('install', await bundle('new', '2.0.1', { replaces }))).toMatchObject({ exit: 0 });
    expect([await state('new'), t.read('data/new/row')]).toEqual(['active disabled', 'precious']);
    expect(fs.existsSync(machine.unit(`pkg-${id}-old-server.service`))).toBe(false);
    expect((await t.ask('old')).version).toBe('2.0.1');

    expect(await ended('rollback')).toMatchObject({ exit: 0 });
    expect([await state('old'), t.read('data/old/row')]).toEqual(['active disabled', 'precious']);
    expect(fs.existsSync(machine.unit(`pkg-${id}-new-server.service`))).toBe(false);
  });
});
