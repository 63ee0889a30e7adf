import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { type Wish, type Workbench, workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

function db(t: Workbench, version: string, wish: Wish = {}): Promise<string> {
  const files = { 'etc/db.conf': 'port 1\n' };
  return t.bundle('db', version, { files, config: [{ path: 'etc/db.conf' }], data: { directory: true }, ...wish });
}

/** db 1.0.0 with two rows. */
async function withData(t: Workbench): Promise<void> {
  await t.ok('install', '-y', await db(t, '1.0.0'));
  fs.mkdirSync(t.at('data/db/rows'));
  fs.writeFileSync(t.at('data/db/rows/a'), Buffer.alloc(1_000_000, 'a'));
  fs.writeFileSync(t.at('data/db/rows/b'), Buffer.alloc(500_000, 'b'));
}

describe('pkg remove', () => {
  test('keeps data and configuration, and the next install finds both', async () => {
    const t = workbench();
    await withData(t);
    fs.writeFileSync(t.at('current/etc/db/db.conf'), 'port 2\n');
    await t.ok('remove', '-y', 'db');
    expect(fs.readdirSync(t.at('data/db/rows'))).toEqual(['a', 'b']);
    await t.ok('install', '-y', 'db@1.0.0');
    expect(fs.readdirSync(t.at('data/db/rows'))).toEqual(['a', 'b']);
    expect(t.read('current/etc/db/db.conf')).toBe('port 2\n');
  });
});

describe('pkg remove --purge', () => {
  test('names what it will delete, with paths and sizes, and deletes it only when the bundle is named for that', async () => {
    const t = workbench();
    await withData(t);
    const { json } = await t.ok('plan', 'remove', '--purge', '--json', 'db');
    expect(json.wayBack.loses).toEqual([
      expect.stringMatching(new RegExp(`^data of db: ${t.at('data/db')} \\(3 entries, 1\\.5 MB\\)$`)),
      expect.stringMatching(new RegExp(`^configuration of db: ${t.at('config/db')} \\(\\d+ entries, .*B\\)$`)),
    ]);
    const refused = await t.pkg('remove', '-y', '--json', '--purge', 'db');
    expect(refused).toMatchObject({ exit: 3, error: { code: 'data-loss' } });
    expect(refused.error.message).toContain(t.at('data/db'));
    expect(refused.error.hint).toContain('--accept-data-loss db');
    expect(await t.installed()).toEqual(['db@1.0.0']);
    const ended = await t.ok('remove', '-y', '--purge', '--accept-data-loss', 'db', 'db');
    expect(ended.err).toContain(`cannot be brought back: data of db: ${t.at('data/db')}`);
    expect([t.exists('data/db'), t.exists('config/db')]).toEqual([false, false]);
  });

  test('of a bundle that has written nothing needs no more than a yes', async () => {
    const t = workbench();
    await t.ok('install', '-y', await db(t, '1.0.0'));
    await t.ok('remove', '-y', '--purge', 'db');
    expect(t.exists('data/db')).toBe(false);
  });

  test('by a stored plan asks for the name in the plan', async () => {
    const t = workbench();
    await withData(t);
    await t.ok('plan', 'remove', '--purge', 'db', '-o', 'plan.json');
    expect((await t.pkg('apply', '-y', '--json', 'plan.json')).error.code).toBe('data-loss');
    await t.ok('plan', 'remove', '--purge', '--accept-data-loss', 'db', 'db', '-o', 'plan.json');
    await t.ok('apply', '-y', 'plan.json');
    expect(t.exists('data/db')).toBe(false);
  });

  test('deletes a link in place of the data folder, and says that what it leads to stays', async () => {
    const t = workbench();
    await withData(t);
    const elsewhere = path.join(t.home, 'disk');
    fs.renameSync(t.at('data/db'), elsewhere);
    fs.symlinkSync(elsewhere, t.at('data/db'));
    const ended = await t.ok('remove', '-y', '--purge', 'db');
    expect(ended.err).toContain(`the link ${t.at('data/db')} (${elsewhere} itself stays)`);
    expect(fs.lstatSync(t.at('data/db'), { throwIfNoEntry: false })).toBeUndefined();
    expect(fs.readdirSync(elsewhere)).toEqual(['rows']);
  });

  describe('of a bundle that was removed before', () => {
    test('deletes what it left by the same rules, and says that nothing brings it back', async () => {
      const t = workbench();
      const effects = path.join(t.home, 'effects');
      const hooks = { postremove: `echo "$1 $(ls "$PKG_DATA_DIR")" >> ${effects}` };
      await t.ok('install', '-y', await db(t, '1.0.0', { hooks, data: { directory: true, writes: 3 } }));
      fs.mkdirSync(t.at('data/db/rows'));
      await t.ok('remove', '-y', 'db');
      const refused = await t.pkg('remove', '-y', '--json', 'db');
      expect(refused.error).toMatchObject({
        code: 'not-installed',
        hint: 'to delete what is left of it: pkg remove --purge db',
      });
      const { json: plan } = await t.ok('plan', 'remove', '--purge', '--json', 'db');
      expect(plan).toMatchObject({
        changes: [],
        wayBack: { loses: [/^data of db: /, /^configuration of db: /].map((x) => expect.stringMatching(x)) },
      });
      expect((await t.pkg('remove', '-y', '--json', '--purge', 'db')).error.code).toBe('data-loss');
      expect(fs.readdirSync(t.at('data/db'))).toEqual(['rows']);
      const ended = await t.ok('remove', '-y', '--json', '--purge', '--accept-data-loss', 'db', 'db', 'db');
      expect(ended.json).toMatchObject({ outcome: 'committed', changes: [] });
      expect(ended.json.wayBack).toBeUndefined();
      expect(ended.events.filter(({ event }) => event === 'warning')).toEqual([]);
      expect([t.exists('data/db'), t.exists('config/db'), t.read('data-formats.json')]).toEqual([false, false, '{}\n']);
      expect(fs.readFileSync(effects, 'utf8')).toBe('remove rows\npurge rows\n');
      expect((await t.pkg('remove', '-y', '--json', '--purge', 'db')).error.code).toBe('not-installed');
      const back = await t.ok('rollback', '-y');
      expect(back.err).toContain('the configuration that db had is gone; it comes as the bundle ships it');
      expect(back.err).toContain('the data of db is gone; it begins with an empty folder');
      expect(t.read('current/etc/db/db.conf')).toBe('port 1\n');
    });

    test('goes together with others that are still installed, also when nobody has the bundle any more', async () => {
      const t = workbench();
      await withData(t);
      await t.ok('remove', '-y', 'db');
      for (const version of ['1.0.0', '2.0.0']) await t.ok('install', '-y', await t.bundle('web', version));
      await t.ok('gc', '-y', '--keep', '1');
      expect((await t.pkg('info', '--json', 'db')).out).toContain('pkg remove --purge db');
      const ended = await t.ok('remove', '-y', '--purge', '--accept-data-loss', 'db', 'db', 'web');
      expect(ended.err).toContain(
        'db itself is no longer kept: what its postremove purge would clean up elsewhere stays',
      );
      expect(ended.err).not.toContain('no bundle of this name changes');
      expect([await t.installed(), fs.readdirSync(t.at('data')), fs.readdirSync(t.at('config'))]).toEqual([[], [], []]);
    });

    test('is told of by list, info and completion', async () => {
      const t = workbench();
      await withData(t);
      fs.mkdirSync(t.at('data/lost+found'));
      expect((await t.ok('list', '--all', '--json')).json.leftBehind).toEqual([]);
      await t.ok('remove', '-y', 'db');
      const { json } = await t.ok('list', '--all', '--json');
      expect(json.leftBehind).toEqual([{ name: 'db', what: ['data', 'configuration'] }]);
      expect((await t.ok('list', '--all')).lines).toContain('db  (removed, left behind: data and configuration)');
      expect((await t.ok('info', 'db')).out).toContain(`left behind data in ${t.at('data/db')}`);
      await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
      await t.ok('gc', '-y', '--keep', '1');
      const offered = async (...words: string[]) => (await t.ok('__complete', '--', ...words, '')).lines.slice(0, -1);
      expect(await offered('remove')).toEqual(['web\t1.0.0']);
      for (const words of [
        ['remove', '--purge'],
        ['plan', 'remove', '--purge'],
        ['remove', '--accept-data-loss'],
      ])
        expect(await offered(...words)).toContain('db\tremoved, something is left behind');
    });
  });

  describe('on a terminal', () => {
    needs('script');

    test('asks to type the name; anything else leaves all as it is', async () => {
      const t = workbench();
      await withData(t);
      const asked = (name: string) =>
        onTerminal(
          t,
          ['remove', '--purge', 'db'],
          [
            ['Go on?', 'yes'],
            ['will be deleted for good', null],
            ['Type db to go on', name],
          ],
        );
      expect((await asked('yes')).exit).toBe(3);
      expect(await t.installed()).toEqual(['db@1.0.0']);
      expect(fs.readdirSync(t.at('data/db/rows'))).toEqual(['a', 'b']);
      expect((await asked('db')).exit).toBe(0);
      expect(t.exists('data/db')).toBe(false);
    });
  });

  describe('where data is a disk of its own', () => {
    needs('root');
    needsMounts();

    test('empties the disk', async () => {
      const t = workbench();
      await t.ok('install', '-y', await db(t, '1.0.0'));
      execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', t.at('data/db')]);
      onTestFinished(() => void execFileSync('umount', ['--lazy', t.at('data/db')]));
      fs.writeFileSync(t.at('data/db/row'), 'x');
      const ended = await t.ok('remove', '-y', '--purge', '--accept-data-loss', 'db', 'db');
      expect(ended.err).not.toContain('warning');
      expect(fs.readdirSync(t.at('data/db'))).toEqual([]);
    });
  });
});

describe('data in a format that a version cannot read', () => {
  const format = (reads: readonly number[], writes: number) => ({ data: { directory: true, reads, writes } });

  test('refuses the version, with the way out in the hint', async () => {
    const t = workbench();
    await t.ok('install', '-y', await db(t, '1.0.0', format([1], 1)));
    const refused = await t.pkg('install', '-y', '--json', await db(t, '2.0.0', format([2], 2)));
    expect(refused).toMatchObject({ exit: 3, error: { code: 'data-loss' } });
    expect(refused.error.message).toContain('db 2.0.0 reads data format 2, but db 1.0.0 has written format 1');
    expect(refused.error.hint).toContain('--accept-data-loss db');
  });

  test('refuses it also when the data was left behind by a removal; not when it was purged', async () => {
    const t = workbench();
    const old = await db(t, '1.0.0', format([1], 1));
    await t.ok('install', '-y', await db(t, '2.0.0', format([2], 2)));
    fs.writeFileSync(t.at('data/db/row'), 'format 2\n');
    await t.ok('remove', '-y', 'db');
    const refused = await t.pkg('install', '-y', '--json', old);
    expect(refused).toMatchObject({ exit: 3, error: { code: 'data-loss' } });
    expect(refused.error.message).toBe('db 1.0.0 reads data format 1, but data of format 2 was left behind');
    await t.ok('install', '-y', 'db@2.0.0');
    await t.ok('remove', '-y', '--purge', '--accept-data-loss', 'db', 'db');
    await t.ok('install', '-y', old);
  });

  test('is changed for good by a migration that says so: the plan shows the point of no return, and asks for --one-way', async () => {
    const t = workbench();
    await t.ok('install', '-y', await db(t, '1.0.0', format([1], 1)));
    // Such a bundle is refused by build, unless a program says that it makes a copy.
    const steps = [{ backup: 'bin/copy' }, { migrate: 'bin/migrate', irreversible: true }];
    const files = { 'bin/copy': '#!/bin/sh\n', 'bin/migrate': '#!/bin/sh\n' };
    const next = await db(t, '2.0.0', {
      ...format([2], 2),
      files,
      config: [],
      upgrade: { up: [{ from: '1.x', steps }] },
    });
    const { json } = await t.ok('plan', 'install', '--json', next);
    expect(json.steps[json.pointOfNoReturn - 1]).toMatchObject({ kind: 'run-program', undo: 'cannot be undone' });
    expect(json.wayBack.loses.join()).toContain('what is done from here on: migrate up 1.0.0 -> 2.0.0');
    const shown = await t.ok('plan', 'install', next);
    expect(shown.out + shown.err).toContain(`after step ${json.pointOfNoReturn} there is no undo`);
    await t.ok('install', '-y', next);
    expect((await t.pkg('rollback', '-y', '--json')).error.code).toBe('data-loss');
  });
});
