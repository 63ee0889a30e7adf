import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { PROGRAM, workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

const NOBODY = 65_534;

describe('a root', () => {
  test('that is the empty word is a mistake, and not the root of the machine', async () => {
    const t = workbench();
    for (const words of [
      ['list', '--root', ''],
      ['remove', '--all', '-y', '--root='],
    ])
      expect(await t.pkg(...words, '--json'), words.join(' ')).toMatchObject({
        exit: 2,
        error: { code: 'usage', message: "--root takes a folder, not ''" },
      });
  });

  test('that was named twice is the last one, in what is told to run next as well', async () => {
    const t = workbench();
    const { err } = await t.pkg('exec', '--root', '/one', '--root', '/two', 'nothing', '--', '--root', '/three');
    expect(err).toContain('hint: pkg --root /two info NAME');
  });
});

describe('a file that is named', () => {
  test('and can be waited for without end is refused at once', async () => {
    const t = workbench();
    const pipe = path.join(t.home, 'pipe.tgz');
    execFileSync('mkfifo', [pipe]);
    for (const words of [
      ['apply', pipe],
      ['install', 'a', '--settings', pipe],
      ['install', 'a', '--settings', '/dev/zero'],
      ['install', 'a', '--settings', t.home],
      ['install', pipe],
      ['inspect', pipe],
    ]) {
      const { exit, error } = await t.pkg(...words, '--json');
      expect([2, 6], words.join(' ')).toContain(exit);
      expect(error.message).toMatch(/it is (a pipe|a device|a folder|no file)$/);
    }
  });

  test('and is part of a folder to be built is not waited for either', async () => {
    const t = workbench();
    const folder = t.source('a', '1.0.0');
    execFileSync('mkfifo', [path.join(folder, '.pkgignore')]);
    expect((await t.pkg('build', folder)).exit).toBeLessThan(3);
    fs.rmSync(path.join(folder, 'bundle.json'));
    execFileSync('mkfifo', [path.join(folder, 'bundle.json')]);
    expect(await t.pkg('build', folder, '--json')).toMatchObject({ exit: 2, error: { code: 'no-such-file' } });
  });

  test('where a name is wanted leads to the command that is meant', async () => {
    const t = workbench();
    for (const [words, hint] of [
      [['remove', 'web-app-1.0.0+2.tgz', 'what.tgz'], 'pkg remove web-app NAME'],
      [['upgrade', './my web.tgz'], "pkg install './my web.tgz'"],
      [['info', './my web.tgz'], "pkg inspect './my web.tgz'"],
      [['plan', 'web.tgz'], 'did you mean: pkg plan install web.tgz'],
    ] as const)
      expect(await t.pkg(...words, '--json'), words.join(' ')).toMatchObject({ exit: 2, error: { hint } });
  });

  test('as - is called so in every answer', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '2.0.0'));
    const older = fs.readFileSync(await t.bundle('a', '1.0.0'));
    const refused = await t.run(['install', '-y', '-', '--json'], { input: older });
    const hint = 'if lower is meant: pkg downgrade --force -';
    expect(refused).toMatchObject({ exit: 3, error: { hint }, json: { refusal: { hint } } });
    const none = await t.run(['inspect', '-', '--json'], { input: 'hello' });
    expect(none.error.message).toMatch(/^cannot use archive -: /);
  });
});

describe('a name', () => {
  test('with blanks, or none at all, can be told from the words around it', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    expect((await t.pkg('info', 'no such')).err).toContain("'no such' is neither installed nor kept in");
    expect((await t.pkg('owner', '')).err).toContain("owns ''");
    expect((await t.pkg('settings', 'set', 'no such')).err).toContain("hint: pkg settings set 'no such' KEY=VALUE");
    expect(await t.pkg('exec', '', '--json')).toMatchObject({ exit: 2, error: { code: 'usage' } });
    expect((await t.pkg('diff', '99999999999999999999')).err).toContain("generation or tag '99999999999999999999'");
  });

  test('that would move the cursor of a terminal or turn letters round is spelled out there, and left alone in a pipe', async () => {
    const t = workbench();
    const wicked = 'a\u001b[2J\u001b[31mb\r\u202e';
    expect((await t.pkg('info', wicked)).err).toContain(wicked);
    const { screen } = await onTerminal(t, ['info', wicked], []);
    expect(screen).toContain(String.raw`a\x1b[2J`);
    expect(screen).toContain(String.raw`b\x0d\u{202e}`);
  });
});

describe('around the program', () => {
  test('a folder that is gone is named as what is wrong', async () => {
    const t = workbench();
    const inGone = (...words: readonly string[]) =>
      spawnSync(
        '/bin/sh',
        ['-c', 'mkdir gone && cd gone && rmdir ../gone && exec "$@"', 'sh', process.execPath, PROGRAM, ...words],
        {
          encoding: 'utf8',
          cwd: t.home,
          env: { PATH: process.env.PATH, HOME: t.home, PKG_ROOT: t.root },
        },
      );
    expect(inGone('list', '--root', t.root).status).toBe(0);
    for (const words of [['install', '-y', 'a.tgz'], ['build'], ['list', '--root', 'here']]) {
      const { status, stderr } = inGone(...words);
      expect(status, stderr).toBe(2);
      expect(stderr).toContain('the current folder no longer exists\nhint: go to one that is there: cd /\n');
    }
  });

  test('a disk that is full is told for the version as well', () => {
    const { status, stderr } = spawnSync(
      '/bin/sh',
      ['-c', '"$@" > /dev/full', 'sh', process.execPath, PROGRAM, '--version'],
      {
        encoding: 'utf8',
      },
    );
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^error\[system-failed\]: .*\n$/),
    });
  });
});

describe('somebody else', () => {
  needs('root');

  test('has a root where the standard says, whatever the variables hold', async () => {
    const t = workbench();
    const asNobody = (env: Readonly<Record<string, string>>) =>
      spawnSync(process.execPath, [PROGRAM, 'list'], {
        uid: NOBODY,
        encoding: 'utf8',
        cwd: t.home,
        env: { PATH: process.env.PATH, ...env },
      }).stderr;
    expect(asNobody({ HOME: '/h', XDG_DATA_HOME: 'here' })).toContain('in /h/.local/share/pkg\n');
    expect(asNobody({ HOME: '/h', XDG_DATA_HOME: '' })).toContain('in /h/.local/share/pkg\n');
    expect(asNobody({ HOME: '', XDG_DATA_HOME: '/share' })).toContain('in /share/pkg\n');
    expect(asNobody({ HOME: '' })).toContain('in /.local/share/pkg\n');
  });

  test('what is only for the owner of the root is answered with the line that asks as the owner', async () => {
    const t = workbench();
    fs.chmodSync(t.home, 0o755);
    await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
    const { stderr } = spawnSync(process.execPath, [PROGRAM, 'history', '-q'], {
      uid: NOBODY,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, PKG_ROOT: t.root },
    });
    expect(stderr).toContain(`hint: sudo -u root pkg --root ${t.root} history -q\n`);
  });
});
