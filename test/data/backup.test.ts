import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { mountMemory, needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { until, type Wish, type Workbench, workbench } from '../support/pkg.ts';
import { attributesOf, fillOddly, lookAt, RUINOUS } from './odd-data.ts';

/** Version 2 of `db` migrates for good what 1 has written, and copies it before. */
const WAY = { steps: [{ backup: true }, { migrate: 'bin/migrate', irreversible: true }] };

/** db 1.0.0 is installed and has filled its data folder. */
async function withData(t: Workbench): Promise<string> {
  await t.ok('install', '-y', await t.bundle('db', '1.0.0', { data: { directory: true, writes: 1 } }));
  const folder = t.at('data/db');
  fillOddly(folder);
  return folder;
}

function next(t: Workbench, wish: Wish = {}, migrate = RUINOUS): Promise<string> {
  return t.bundle('db', '2.0.0', {
    files: { 'bin/migrate': migrate },
    data: { directory: true, reads: [2], writes: 2 },
    upgrade: { up: [{ from: '1.x', ...WAY }] },
    ...wish,
  });
}

const backups = (t: Workbench): readonly string[] =>
  fs.readdirSync(t.at('data')).filter((name) => name.startsWith('.backup'));

describe('a backup of the data before a migration', () => {
  test('takes the point of no return away; the plan says where it lies and what an undo would lose', async () => {
    const t = workbench();
    await withData(t);
    const { json } = await t.ok('plan', 'install', '--json', await next(t));
    expect(json.pointOfNoReturn).toBeNull();
    expect(json.notes.join()).toContain('comes back from its backup; what was written since then would be lost');
    const kinds = json.steps.map(({ kind }: { kind: string }) => kind);
    expect(kinds.indexOf('backup-data')).toBeLessThan(kinds.indexOf('run-program'));
    expect(json.steps.find(({ kind }: { kind: string }) => kind === 'backup-data')).toMatchObject({
      summary: `back up the data of db to ${t.at('data/.backup-db-2')}`,
      undo: 'restore the data from it; what was written since is lost',
    });
    expect(backups(t)).toEqual([]);
  });

  test('brings back every byte, mode, owner, time and link when a later step fails, and is gone after', async () => {
    const t = workbench();
    const folder = await withData(t);
    const before = lookAt(folder);
    const hooks = { postinstall: 'test ! -e "$PKG_DATA_DIR/deep/er" && exit 3' };
    const failed = await t.pkg('install', '-y', await next(t, { hooks }));
    expect(failed.exit).toBe(1);
    expect(lookAt(folder)).toEqual(before);
    expect(backups(t)).toEqual([]);
  });

  test('is removed once the change is final, with the new data in place', async () => {
    const t = workbench();
    const folder = await withData(t);
    await t.ok('install', '-y', await next(t));
    expect(fs.readFileSync(path.join(folder, 'table'), 'utf8')).toBe('format 2\n');
    expect(backups(t)).toEqual([]);
  });

  test('lasts as long as a trial, which gives the data back, or keeps the new', async () => {
    const t = workbench();
    const folder = await withData(t);
    const before = lookAt(folder);
    const archive = await next(t);
    await t.ok('install', '-y', '--try', '10m', archive);
    expect(backups(t)).toEqual(['.backup-db-2']);
    expect(lookAt(t.at('data/.backup-db-2'))).toEqual(before);
    await t.ok('rollback', '-y');
    expect(lookAt(folder)).toEqual(before);
    expect(backups(t)).toEqual([]);
    await t.ok('install', '-y', '--try', '10m', archive);
    await t.ok('commit', '-y');
    expect(backups(t)).toEqual([]);
    expect(fs.existsSync(path.join(folder, 'added'))).toBe(true);
  });

  test('brings everything back also when pkg is killed while it copies, migrates or brings back', async () => {
    const t = workbench();
    const folder = await withData(t);
    // Large enough that the copying can be met while it goes on.
    fs.writeFileSync(path.join(folder, 'large'), Buffer.alloc(64 << 20, 'more pages\n'));
    const before = lookAt(folder);
    const archive = await next(t, {}, `${RUINOUS}touch "$PKG_ROOT/migrated"\nsleep 60\n`);
    const moments = [
      () => backups(t).some((name) => name.endsWith('.part')),
      () => backups(t).includes('.backup-db-3'),
      () => t.exists('migrated'),
    ];
    for (const [at, isReached] of moments.entries()) {
      const { child, ended } = t.start(['install', '-y', archive]);
      await until(`moment ${at}`, isReached);
      child.kill('SIGKILL');
      await ended;
      // The recovery is killed as well, while it brings back what the migration did.
      const first = t.start(['recover']);
      if (t.exists('migrated')) await until('it begins to restore', () => !fs.existsSync(path.join(folder, 'added')));
      first.child.kill('SIGKILL');
      await first.ended;
      await t.ok('recover');
      expect(lookAt(folder)).toEqual(before);
      expect(backups(t)).toEqual([]);
      expect((await t.ok('recover')).err).toContain('nothing to recover');
    }
  });

  test('over several hops is made once, before the first of them', async () => {
    const t = workbench();
    await withData(t);
    const middle = await next(t, {}, '#!/bin/sh\ntrue\n');
    const last = await t.bundle('db', '3.0.0', {
      files: { 'bin/migrate': '#!/bin/sh\nexit 3\n' },
      data: { directory: true, reads: [3], writes: 3 },
      upgrade: { up: [{ from: '2.x', ...WAY }] },
    });
    const before = lookAt(t.at('data/db'));
    const { json } = await t.ok('plan', 'install', '--json', middle, last);
    const copies = json.steps.filter(({ kind }: { kind: string }) => kind === 'backup-data');
    expect(copies.map(({ summary }: { summary: string }) => path.basename(summary))).toEqual(['.backup-db-2']);
    expect(json.pointOfNoReturn).toBeNull();
    expect((await t.pkg('install', '-y', middle, last)).exit).toBe(1);
    expect(lookAt(t.at('data/db'))).toEqual(before);
  });

  test('lies beside the data itself where that is a link to another folder', async () => {
    const t = workbench();
    const folder = await withData(t);
    const elsewhere = path.join(t.home, 'disk', 'db');
    fs.mkdirSync(path.dirname(elsewhere));
    fs.renameSync(folder, elsewhere);
    fs.symlinkSync(elsewhere, folder);
    const before = lookAt(elsewhere);
    const failed = await t.pkg('install', '-y', '--json', await next(t, { hooks: { postinstall: 'exit 1' } }));
    expect(failed.exit).toBe(1);
    expect(failed.out).toContain(`to ${path.dirname(elsewhere)}/.backup-db-2`);
    expect(fs.readlinkSync(folder)).toBe(elsewhere);
    expect(lookAt(elsewhere)).toEqual(before);
    expect(fs.readdirSync(path.dirname(elsewhere))).toEqual(['db']);
  });

  describe('with extended attributes', () => {
    needs('setfattr');

    test('keeps them', async () => {
      const t = workbench();
      const folder = await withData(t);
      const file = path.join(folder, 'table');
      execFileSync('setfattr', ['-n', 'user.origin', '-v', 'here', file]);
      await t.pkg(
        'install',
        '-y',
        await next(t, { hooks: { postinstall: 'exit 1' } }, '#!/bin/sh\nrm -r "$PKG_DATA_DIR"/*\n'),
      );
      const answer = execFileSync('getfattr', ['--only-values', '-n', 'user.origin', file], { encoding: 'utf8' });
      expect(answer).toBe('here');
    });

    test('takes away those that the migration added, whatever the files are called', async () => {
      const t = workbench();
      const folder = await withData(t);
      execFileSync('setfattr', ['-n', 'user.kept', '-v', 'here', path.join(folder, 'table')]);
      const before = attributesOf(folder);
      const migrate = `#!/bin/sh
cd "$PKG_DATA_DIR" || exit 1
setfattr -x user.kept table
find . -type f -exec setfattr -n user.added -v 1 {} + && setfattr -n user.of-folder -v 1 . deep/er
`;
      const hooks = { postinstall: 'getfattr -n user.added "$PKG_DATA_DIR/deep/same-table" && exit 3' };
      const failed = await t.pkg('install', '-y', await next(t, { hooks }, migrate));
      expect(failed.err).toContain('failed with exit status 3');
      expect(attributesOf(folder)).toBe(before);
      expect(failed.err).not.toContain('keep extended attributes');
    });
  });

  describe('where there is too little room', () => {
    needs('root');
    needsMounts();

    test('is refused before anything begins, by blocks and by inodes', async () => {
      const t = workbench();
      const disk = mountMemory(t.root, 'size=96m,nr_inodes=4000');
      await withData(t);
      fs.writeFileSync(t.at('data/db/more'), Buffer.alloc(40 << 20, 'x'));
      const archive = await next(t);
      const refused = await t.pkg('install', '-y', '--json', archive);
      expect(refused).toMatchObject({ exit: 3, error: { code: 'no-space' } });
      expect(refused.error.message).toContain('with its backup of the data');
      disk.remount('size=400m');
      for (let n = 0; n < 1500; n++) fs.writeFileSync(t.at(`data/db/row-${n}`), '');
      const again = await t.pkg('install', '-y', '--json', archive);
      expect(again).toMatchObject({ exit: 3, error: { code: 'no-space' } });
      expect(again.error.message).toContain('inodes');
      expect(t.exists('generations/2')).toBe(false);
      disk.remount('nr_inodes=9000');
      await t.ok('install', '-y', archive);
    });

    test('also when it is filled by others in the middle: everything is undone', async () => {
      const t = workbench();
      mountMemory(t.root, 'size=200m');
      const folder = await withData(t);
      fs.writeFileSync(path.join(folder, 'more'), Buffer.alloc(40 << 20, 'x'));
      const before = lookAt(folder);
      // The hook runs before the copy is made, and leaves it half of the room it needs.
      const hooks = { preinstall: `dd if=/dev/zero of="$PKG_ROOT/filler" bs=1M count=130 2>/dev/null` };
      const failed = await t.pkg('install', '-y', '--json', await next(t, { hooks }));
      expect(failed.exit).toBe(1);
      expect(failed.error.message).toContain('cannot copy');
      expect(lookAt(folder)).toEqual(before);
      expect(backups(t)).toEqual([]);
    });
  });
});
