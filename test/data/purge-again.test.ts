import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { type Wish, workbench } from '../support/pkg.ts';

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

  describe('at a mount point', () => {
    needs('root');
    needsMounts();

    test('deletes nothing of a bundle that was installed again since', async () => {
      const t = workbench();
      await t.ok('install', '-y', await t.bundle('n', '1.0.0', KEEPING), await t.bundle('y', '1.0.0'));
      const busy = t.at('checks/n');
      fs.mkdirSync(busy, { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', busy]);
      const unmount = () => spawnSync('umount', ['--lazy', busy]);
      onTestFinished(() => void unmount());
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
  });
});

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
