import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { mountMemory, needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { PROGRAM, type Workbench, workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

const LINES = 'one\ntwo\nthree\nfour\nfive\n';

const app = (t: Workbench, version: string, text: string) =>
  t.bundle('app', version, { files: { 'etc/app.conf': text }, config: [{ path: 'etc/app.conf' }] });

const conf = (t: Workbench, name = 'app.conf'): string => t.at('current/etc/app', name);
const read = (t: Workbench, name?: string): string => fs.readFileSync(conf(t, name), 'utf8');

describe('a folder of configuration', () => {
  test('in which links lead in circles and out of it is copied as it is, links as links', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', LINES));
    const outside = path.join(t.home, 'outside');
    fs.mkdirSync(outside);
    fs.writeFileSync(path.join(outside, 'theirs'), 'untouched\n');
    fs.symlinkSync('.', conf(t, 'loop'));
    fs.symlinkSync('..', conf(t, 'up'));
    fs.symlinkSync('loop/up/loop', conf(t, 'both'));
    fs.symlinkSync(outside, conf(t, 'outside'));
    await t.ok('install', '-y', await app(t, '2.0.0', `${LINES}six\n`));
    expect(fs.readdirSync(conf(t, '.')).map((name) => [name, fs.lstatSync(conf(t, name)).isSymbolicLink()])).toEqual([
      ['app.conf', false],
      ['both', true],
      ['loop', true],
      ['outside', true],
      ['up', true],
    ]);
    expect(fs.readdirSync(outside)).toEqual(['theirs']);
    await t.ok('status');
    await t.ok('gc', '-y');
    await t.ok('rollback', '-y');
    expect(fs.readlinkSync(conf(t, 'loop'))).toBe('.');
  });

  test('with names that are not UTF-8 refuses the change by name, and nothing was touched', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', LINES));
    const name = Buffer.concat([Buffer.from(`${fs.realpathSync(conf(t, '.'))}/m`), Buffer.from([0xfc])]);
    fs.writeFileSync(name, 'mine\n');
    const refused = await t.pkg('install', '-y', '--json', await app(t, '2.0.0', `${LINES}six\n`));
    expect(refused).toMatchObject({ exit: 3, error: { code: 'config-unusable' } });
    expect(refused.error.message).toContain('config/app/1/m');
    expect(fs.readFileSync(name, 'utf8')).toBe('mine\n');
    expect(fs.readlinkSync(t.at('current'))).toBe('generations/1');
  });
});

describe('an edited file', () => {
  test('that is read-only is merged, and stays read-only', async () => {
    const t = workbench();
    await t.ok('install', '-y', await app(t, '1.0.0', LINES));
    fs.writeFileSync(conf(t), LINES.replace('one', 'mine'));
    fs.chmodSync(conf(t), 0o444);
    await t.ok('install', '-y', await app(t, '2.0.0', LINES.replace('five', 'new')));
    expect(read(t)).toBe('mine\ntwo\nthree\nfour\nnew\n');
    expect(fs.statSync(conf(t)).mode & 0o777).toBe(0o444);
  });

  describe('of root', () => {
    needs('root');

    test('is merged for who may read it; the edit is theirs from then on', async () => {
      const t = workbench();
      const archives = [await app(t, '1.0.0', LINES), await app(t, '2.0.0', LINES.replace('five', 'new'))] as const;
      fs.chmodSync(t.home, 0o777);
      const nobody = Number(execFileSync('id', ['-u', 'nobody'], { encoding: 'utf8' }));
      const asNobody = (archive: string) =>
        spawnSync(process.execPath, [PROGRAM, '--root', t.root, '--json', '-y', 'install', archive], {
          encoding: 'utf8',
          env: { PATH: process.env.PATH, HOME: t.home },
          uid: nobody,
          gid: nobody,
        });
      expect(asNobody(archives[0]).status).toBe(0);
      fs.writeFileSync(conf(t), LINES.replace('one', 'by root'));
      fs.chownSync(conf(t), 0, 0);
      expect(asNobody(archives[1]).status).toBe(0);
      expect(read(t)).toBe('by root\ntwo\nthree\nfour\nnew\n');
    });
  });

  describe('where the disk is full in the middle', () => {
    needs('root');
    needsMounts();

    test('is as it was: the change is undone, and goes through once there is room', async () => {
      const t = workbench();
      const disk = mountMemory(t.root, 'size=64m');
      await t.ok('install', '-y', await app(t, '1.0.0', LINES));
      fs.writeFileSync(conf(t), LINES.replace('one', 'mine'));
      fs.writeFileSync(conf(t, 'large.local'), Buffer.alloc(24 << 20, 'x'));
      const next = await app(t, '2.0.0', LINES.replace('five', 'new'));
      const failed = await t.pkg('install', '-y', '--json', next);
      expect([1, 3]).toContain(failed.exit);
      expect(failed.error.message).toMatch(/no space|free/i);
      expect(read(t)).toBe(LINES.replace('one', 'mine'));
      expect(fs.statSync(conf(t, 'large.local')).size).toBe(24 << 20);
      expect(fs.readdirSync(t.at('config/app')).filter((name) => name.includes('2'))).toEqual([]);
      expect(fs.readdirSync(t.at('tmp'))).toEqual([]);
      disk.remount('size=400m');
      await t.ok('install', '-y', next);
      expect(read(t)).toBe('mine\ntwo\nthree\nfour\nnew\n');
    });
  });

  describe('with an editor that fails', () => {
    needs('script');

    test('is asked about again, and kept when there is no answer', async () => {
      const t = workbench();
      await t.ok('install', '-y', await app(t, '1.0.0', LINES));
      fs.writeFileSync(conf(t), LINES.replace('one', 'mine'));
      const { exit, screen } = await onTerminal(
        t,
        ['install', '--yes', '--config', 'ask', await app(t, '2.0.0', LINES.replace('one', 'new'))],
        [
          ['show the [d]iff?', 'edit'],
          ['ended with 1; nothing was taken', null],
          ['show the [d]iff?', '\u0004'],
        ],
        { EDITOR: 'false' },
      );
      expect(exit).toBe(3);
      expect(screen).toContain('config-conflict');
      expect(read(t)).toBe(LINES.replace('one', 'mine'));
      expect(fs.readlinkSync(t.at('current'))).toBe('generations/1');
    });
  });
});
