import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PROGRAM, type Workbench, workbench } from '../support/pkg.ts';

const TEXT = ['top', 'one', 'two', 'three', 'four', 'bottom'];

/** A bundle `app` whose etc/app.conf has these lines. */
function app(t: Workbench, version: string, lines: readonly string[]): Promise<string> {
  return t.bundle('app', version, {
    files: { 'etc/app.conf': `${lines.join('\n')}\n` },
    config: [{ path: 'etc/app.conf' }],
  });
}

const conf = (t: Workbench, name = 'app.conf'): string => t.at('current/etc/app', name);
const read = (file: string): string[] => fs.readFileSync(file, 'utf8').trimEnd().split('\n');
const edit = (file: string, from: string, to: string): void =>
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(from, to));

describe('configuration', () => {
  test('an edit is merged with what the next version ships, and stays through a rollback', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', TEXT));
    edit(conf(t), 'top', 'top-mine');
    await t.ok('install', '-y', await app(t, '2.0.0', [...TEXT.slice(0, -1), 'bottom-2']));
    expect(read(conf(t))).toEqual(['top-mine', 'one', 'two', 'three', 'four', 'bottom-2']);
    edit(conf(t), 'two', 'two-later');
    await t.ok('rollback', '-y');
    expect(read(conf(t))).toEqual(['top-mine', 'one', 'two-later', 'three', 'four', 'bottom']);
  });

  test('rollback --exact brings it back byte for byte, and keeps the later edit beside it', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', TEXT));
    edit(conf(t), 'top', 'top-mine');
    await t.ok('install', '-y', await app(t, '2.0.0', TEXT));
    edit(conf(t), 'two', 'two-later');
    await t.ok('rollback', '-y', '--exact');
    expect(read(conf(t))).toEqual(['top-mine', ...TEXT.slice(1)]);
    expect(read(conf(t, 'app.conf.pkg-edited-2'))).toContain('two-later');
  });

  test('a conflict keeps the side the policy names, and the other one beside it', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', TEXT));
    edit(conf(t), 'top', 'mine');
    const second = await t.ok('install', '-y', await app(t, '2.0.0', ['theirs', ...TEXT.slice(1)]));
    expect(second.err).toContain('etc/app/app.conf');
    expect(read(conf(t))[0]).toBe('mine');
    expect(read(conf(t, 'app.conf.pkg-new'))[0]).toBe('theirs');
    await t.ok('install', '-y', '--config', 'new', await app(t, '3.0.0', ['newest', ...TEXT.slice(1)]));
    expect(read(conf(t))[0]).toBe('newest');
    expect(read(conf(t, 'app.conf.pkg-old'))[0]).toBe('mine');
  });

  test('a second conflict overwrites no edit that was put aside before', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', TEXT));
    for (const version of ['2.0.0', '3.0.0']) {
      fs.writeFileSync(conf(t), `mine before ${version}\n`);
      await t.ok('install', '-y', '--config', 'new', await app(t, version, [version, ...TEXT.slice(1)]));
    }
    expect(read(conf(t, 'app.conf.pkg-old'))).toEqual(['mine before 2.0.0']);
    expect(read(conf(t, 'app.conf.pkg-old.2'))).toEqual(['mine before 3.0.0']);
  });

  test('of what bundles shipped, only the newest lies beside an edited file', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', TEXT));
    fs.writeFileSync(conf(t), 'mine\n');
    for (const version of ['2.0.0', '3.0.0']) await t.ok('install', '-y', await app(t, version, [version]));
    expect(read(conf(t))).toEqual(['mine']);
    expect(fs.readdirSync(t.at('current/etc/app')).toSorted()).toEqual(['app.conf', 'app.conf.pkg-new']);
    expect(read(conf(t, 'app.conf.pkg-new'))).toEqual(['3.0.0']);
  });

  test('what is edited while the change is being prepared is merged as well', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', TEXT));
    const next = await t.bundle('app', '2.0.0', {
      files: { 'etc/app.conf': `${[...TEXT.slice(0, -1), 'bottom-2'].join('\n')}\n` },
      config: [{ path: 'etc/app.conf' }],
      // The operator edits the live file while this runs.
      hooks: { preinstall: `sed -i s/^top$/top-late/ "$PKG_ROOT/current/etc/app/app.conf"` },
    });
    await t.ok('install', '-y', next);
    expect(read(conf(t))).toEqual(['top-late', 'one', 'two', 'three', 'four', 'bottom-2']);
  });

  test('what is edited between the switch and an undo is kept beside the old file', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', TEXT));
    const next = await t.bundle('app', '2.0.0', {
      files: { 'etc/app.conf': 'all new\n' },
      config: [{ path: 'etc/app.conf' }],
      hooks: { postinstall: `echo late >> "$PKG_ROOT/current/etc/app/app.conf"; exit 1` },
    });
    const undone = await t.pkg('install', '-y', next);
    expect(undone.exit).toBe(1);
    expect(undone.err).toContain('app.conf.pkg-edited-2');
    expect(read(conf(t))).toEqual(TEXT);
    expect(read(conf(t, 'app.conf.pkg-edited-2'))).toEqual(['all new', 'late']);
  });

  test('stays for the next install when its bundle is removed, and is gone after a purge', async () => {
    const t = workbench();
    const archive = await app(t, '1.0.0', TEXT);
    await t.ok('install', '-y', archive);
    edit(conf(t), 'top', 'top-mine');
    await t.ok('remove', '-y', 'app');
    await t.ok('install', '-y', await app(t, '2.0.0', [...TEXT.slice(0, -1), 'bottom-2']));
    expect(read(conf(t))).toEqual(['top-mine', 'one', 'two', 'three', 'four', 'bottom-2']);
    await t.ok('remove', '-y', '--purge', 'app');
    await t.ok('install', '-y', await app(t, '3.0.0', TEXT));
    expect(read(conf(t))).toEqual(TEXT);
  });

  test('is shipped anew when a purged bundle is rolled back to', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', TEXT));
    await t.ok('remove', '-y', '--purge', 'app');
    await t.ok('rollback', '-y');
    expect(read(conf(t))).toEqual(TEXT);
    expect((await t.pkg('verify')).exit).toBe(0);
  });

  test('a pipe among the files stops nothing', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', TEXT));
    execFileSync('mkfifo', [conf(t, 'control')]);
    await t.ok('install', '-y', await app(t, '2.0.0', [...TEXT, 'more']));
    expect(read(conf(t))).toContain('more');
  });

  test('and everything else can be read by other users whatever umask the operator has', async () => {
    const t = workbench();
    const archive = await app(t, '1.0.0', TEXT);
    execFileSync('sh', [
      '-c',
      'umask 077; exec "$0" "$@"',
      process.execPath,
      PROGRAM,
      '--root',
      t.root,
      'install',
      '-yq',
      archive,
    ]);
    for (const place of [
      '',
      'generations',
      'generations/1',
      'generations/1/bin',
      'store',
      'store/app',
      'config/app',
      'config/app/1',
    ]) {
      expect(`${place} ${(fs.statSync(t.at(place)).mode & 0o055).toString(8)}`).toBe(`${place} 55`);
    }
  });

  test('a deleted file stays deleted, an added one stays, and a chosen mode stays', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', TEXT));
    fs.rmSync(conf(t));
    fs.writeFileSync(conf(t, 'local.conf'), 'added here\n');
    fs.chmodSync(conf(t, 'local.conf'), 0o600);
    await t.ok('install', '-y', await app(t, '2.0.0', ['theirs', ...TEXT]));
    expect(fs.existsSync(conf(t))).toBe(false);
    expect(read(conf(t, 'local.conf'))).toEqual(['added here']);
    expect(fs.statSync(conf(t, 'local.conf')).mode & 0o777).toBe(0o600);
  });

  test('a failed upgrade brings back exactly what was there', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', TEXT));
    edit(conf(t), 'top', 'top-mine');
    const before = fs.readlinkSync(t.at('current/etc/app'));
    const bad = await t.bundle('app', '2.0.0', {
      files: { 'etc/app.conf': 'all new\n' },
      config: [{ path: 'etc/app.conf' }],
      hooks: { postinstall: 'exit 1' },
    });
    expect((await t.pkg('install', '-y', bad)).exit).toBe(1);
    expect(fs.readlinkSync(t.at('current/etc/app'))).toBe(before);
    expect(read(conf(t))).toEqual(['top-mine', ...TEXT.slice(1)]);
  });

  test('an upgrade of one bundle never moves the configuration of another', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', TEXT), await t.bundle('other', '1.0.0'));
    const before = fs.realpathSync(t.at('current/etc/app'));
    await t.ok('install', '-y', await t.bundle('other', '2.0.0'));
    expect(fs.realpathSync(t.at('current/etc/app'))).toBe(before);
  });
});
