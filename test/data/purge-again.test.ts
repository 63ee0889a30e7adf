import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { removeTree } from '../../src/system/index.ts';
import { needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { until, type Wish, workbench } from '../support/pkg.ts';
import { behindNginx } from '../traffic/nginx.ts';

const KEEPING: Wish = {
  files: { 'etc/n.conf': 'port 1\n' },
  config: [{ path: 'etc/n.conf' }],
  data: { directory: true },
};

describe('a purge that failed', () => {
  test('does not run its hook for a bundle that was installed again since', async () => {
    const t = workbench();
    const effects = path.join(t.home, 'effects');
    const hooks = { postremove: `test "$1" = remove || { echo "$1" >> ${effects}; exit 1; }` };
    await t.ok('install', '-y', await t.bundle('n', '1.0.0', { ...KEEPING, hooks }), await t.bundle('y', '1.0.0'));
    const removed = await t.ok('remove', '-y', '--purge', 'n');
    expect(removed.err).toContain('warning: not cleaned up: ');
    await t.ok('install', '-y', 'n@1.0.0');
    const tried = fs.readFileSync(effects, 'utf8');
    const { err } = await t.ok('remove', '-y', 'y');
    expect(err).toContain('warning: postremove purge of n 1.0.0 is not run: n is installed again');
    expect(fs.readFileSync(effects, 'utf8')).toBe(tried);
    expect((await t.ok('recover')).err).toContain('nothing to recover');
  });

  describe('is judged by what is live when all that was interrupted is undone:', () => {
    test('what an undone install had brought back is purged after all', async () => {
      const t = await twoUnpurged();
      await t.cutShort('install', '-y', 'n@1.0.0');
      const { err } = await t.pkg('recover');
      expect(err).not.toContain('is installed again');
      expect(t.purged()).toEqual(['m', 'n']);
    });

    test('what an undone removal had taken away keeps its data, also after a power cut', async () => {
      const t = await twoUnpurged();
      await t.ok('install', '-y', 'n@1.0.0');
      await t.cutShort('remove', '-y', 'n');
      loseCleaned(t.at('transactions/2/journal.jsonl'));
      const { err } = await t.pkg('recover');
      expect(err).toContain('postremove purge of n 1.0.0 is not run: n is installed again');
      expect(t.purged()).toEqual(['m']);
    });
  });

  test('waits for the end of a trial that may bring its bundle back, and is done when that is undone', async () => {
    const t = await unpurged();
    await t.ok('install', '-y', '--try', '1h', 'n@1.0.0');
    fs.rmSync(t.broken);
    const refused = await t.pkg('remove', '-y', 'n');
    expect(refused.exit).toBe(3);
    expect(refused.err).toContain(
      'transaction 2 (pkg remove -y --purge n) is final, and what is left to clean up waits',
    );
    const foreseen = await t.pkg('recover', '--dry-run');
    for (const { exit, err } of [foreseen, await t.pkg('recover')]) {
      expect(exit).toBe(5);
      expect(err).toContain('is final; still to do: run postremove purge of n 1.0.0');
    }
    const { json, error } = await t.pkg('recover', '--json');
    const left = [
      { summary: 'run postremove purge of n 1.0.0', reason: 'it waits until transaction 3 is no longer on trial' },
    ];
    expect(json).toMatchObject({ outcome: 'needs-recovery', transactions: [{ id: 2, did: 'uncleaned', left }] });
    expect(error).toMatchObject({ code: 'open-transaction', hint: 'keep it: pkg commit; give it up: pkg rollback' });
    const given = await t.pkg('recover', '--skip-hook', 'n/postremove', '--yes', '--json');
    expect([given.exit, given.error.code]).toEqual([3, 'trial-open']);
    expect(fs.existsSync(t.dropped)).toBe(false);
    await t.ok('rollback');
    expect(fs.readFileSync(t.dropped, 'utf8')).toBe('real\n');
    expect((await t.ok('recover')).err).toContain('nothing to recover');
  });

  test('sees the settings of the removed bundle however many changes come before it is repeated', async () => {
    const t = await unpurged();
    for (const version of ['1.0.0', '2.0.0', '3.0.0']) await t.ok('install', '-y', await t.bundle('y', version));
    await t.ok('gc', '--keep', '1');
    fs.rmSync(t.broken);
    await t.ok('recover');
    expect(fs.readFileSync(t.dropped, 'utf8')).toBe('real\n');
    await t.ok('gc', '--keep', '1');
    expect(fs.readdirSync(t.at('generations'))).toEqual(['5']);
  });

  test.each([
    ['generations/1', /cannot run scripts of n 1\.0\.0: generation 1, .* is gone/],
    ['generations/1/settings.json', /the settings of n in generation 1 are lost/],
  ])('does nothing with other settings than those of the bundle, and can be given up: %s', async (lost, said) => {
    const t = await unpurged();
    removeTree(t.at(lost));
    fs.rmSync(t.broken);
    const recovered = await t.pkg('recover');
    expect(recovered.exit).toBe(5);
    expect(recovered.err).toMatch(/not cleaned up: /);
    expect(recovered.err).toMatch(said);
    expect(recovered.err).toContain('pkg recover --skip-hook n/postremove');
    expect(fs.existsSync(t.dropped)).toBe(false);
    await t.ok('recover', '--skip-hook', 'n/postremove', '--yes');
    expect((await t.ok('recover')).err).toContain('nothing to recover');
  });

  describe('at a mount point', () => {
    needs('root');
    needsMounts();

    test('deletes nothing of a bundle that was installed again since', async () => {
      const t = workbench();
      await t.ok('install', '-y', await t.bundle('n', '1.0.0', KEEPING), await t.bundle('y', '1.0.0'));
      const unmount = keepBusy(t.at('checks/n'));
      const removed = await t.ok('remove', '-y', '--purge', 'n');
      expect(removed.err).toContain('warning: not cleaned up: ');
      await t.ok('install', '-y', 'n@1.0.0');
      unmount();
      fs.writeFileSync(t.at('data/n/row'), 'written since\n');
      const { err } = await t.ok('remove', '-y', 'y');
      expect(err).toContain('warning: data and configuration of n are not deleted: n is installed again');
      expect(t.read('data/n/row')).toBe('written since\n');
      expect(t.read('current/etc/n/n.conf')).toBe('port 1\n');
      expect((await t.ok('recover')).err).toContain('nothing to recover');
    });

    describe('and a preview of the bundle:', () => {
      needs('nginx');

      test('nothing is deleted of what publishing it makes live', async () => {
        const t = await behindNginx({ pass: '$pkg_web_server' });
        const [broken, dropped] = [path.join(t.home, 'broken'), path.join(t.home, 'dropped')];
        const hooks = { postremove: `[ "$1" = remove ] || { test ! -e ${broken} && echo "$1" >> ${dropped}; }` };
        await t.ok('install', '-y', await t.bundle('n', '1.0.0', { ...KEEPING, hooks }));
        fs.writeFileSync(broken, '');
        const unmount = keepBusy(t.at('checks/n'));
        await t.ok('remove', '-y', '--purge', 'n');
        await t.ok('install', '-y', '--preview', 'header:X-Preview=1', await t.web('2.0.0'), 'n@1.0.0');
        unmount();
        fs.rmSync(broken);
        fs.writeFileSync(t.at('data/n/row'), 'written since\n');
        expect((await t.pkg('gc')).exit).toBe(3);
        await t.ok('publish', '-y');
        expect(fs.existsSync(dropped)).toBe(false);
        expect(await t.installed()).toEqual(['n@1.0.0', 'web@2.0.0']);
        expect([t.read('current/etc/n/n.conf'), t.read('data/n/row')]).toEqual(['port 1\n', 'written since\n']);
        const { err } = await t.ok('recover');
        expect(err).toContain('data and configuration of n are not deleted: n is installed again');
        expect((await t.ok('verify', '--json')).json.ok).toBe(true);
      });
    });
  });
});

/** Makes a folder a mount point, which cannot be moved away; answers how to end that. */
function keepBusy(folder: string): () => void {
  fs.mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
  const unmount = () => void spawnSync('umount', ['--lazy', folder]);
  onTestFinished(unmount);
  return unmount;
}

/** A root without n, whose purge of the database `real` fails as long as the file `broken` is there. */
async function unpurged() {
  const t = workbench();
  const [broken, dropped] = [path.join(t.home, 'broken'), path.join(t.home, 'dropped')];
  const drop = `[ "$1" = remove ] || { test ! -e ${broken} && echo $PKG_SETTING_DB >> ${dropped}; }`;
  const settings = { db: { type: 'string', default: 'shop' } };
  const n = await t.bundle('n', '1.0.0', { settings, hooks: { postremove: drop } });
  await t.ok('install', '-y', '--set', 'n.db=real', n);
  fs.writeFileSync(broken, '');
  await t.ok('remove', '-y', '--purge', 'n');
  return { ...t, broken, dropped };
}

/** A root without m and n, whose purges in transaction 2 failed and do so again and again. */
async function twoUnpurged() {
  const t = workbench();
  const aside = (name: string) => path.join(t.home, name);
  const [purged, hold, held] = [aside('purged'), aside('hold'), aside('held')];
  const wait = `[ ! -e ${hold} ] || { touch ${held}; exec sleep 1000; }`;
  const purge = `if [ "$1" = purge ]; then echo $PKG_NAME >> ${purged}; exit 1; fi`;
  const wish = { ...KEEPING, hooks: { postinstall: wait, postremove: `${purge}\n${wait}` } };
  await t.ok('install', '-y', await t.bundle('m', '1.0.0', wish), await t.bundle('n', '1.0.0', wish));
  await t.ok('remove', '-y', '--purge', 'm', 'n');
  return {
    ...t,
    /** Kills a change when what is to come is live, and not yet final. */
    async cutShort(...words: readonly string[]): Promise<void> {
      fs.writeFileSync(hold, '');
      const { child, ended } = t.start(words);
      await until('the change is live', () => fs.existsSync(held));
      child.kill('SIGKILL');
      await ended;
      fs.rmSync(hold);
      fs.rmSync(purged, { force: true });
    },
    purged: (): readonly string[] => fs.readFileSync(purged, 'utf8').trim().split('\n').toSorted(),
  };
}

/** As if none of its records that say so had been written. */
function loseCleaned(journal: string): void {
  const text = fs.readFileSync(journal, 'utf8');
  fs.writeFileSync(
    journal,
    text.replaceAll(/^.*"record":"CLEANED".*$/gm, (line) => ' '.repeat(line.length)),
  );
}

test('the hook of a purge sees the settings, configuration and bundles that the removed bundle had', async () => {
  const t = workbench();
  const told = path.join(t.home, 'told');
  const drop = `echo "$1 $PKG_SETTING_DB $(cat "$PKG_CONFIG_DIR/n.conf") $LIB/data.txt" >> ${told}`;
  const n = await t.bundle('n', '1.0.0', {
    ...KEEPING,
    hooks: { postremove: drop },
    settings: { db: { type: 'string', default: 'shop' } },
    depends: { lib: '1.x' },
    env: { LIB: '${bundle:lib}' },
  });
  await t.ok('install', '-y', '--set', 'n.db=real', n, await t.bundle('lib', '1.0.0'));
  await t.ok('remove', '-y', 'n', 'lib');
  const purged = await t.ok('remove', '-y', '--purge', 'n');
  expect(purged.err).not.toContain('warning');
  const [removal, purge] = fs.readFileSync(told, 'utf8').trim().split('\n');
  expect(removal).toMatch(/^remove real port 1 .*\/data\.txt$/);
  expect(purge).toBe(removal?.replace('remove', 'purge'));
});
