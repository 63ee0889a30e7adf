import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { PROGRAM, workbench } from '../support/pkg.ts';

/** A workbench that sees which folders a change has flushed by sync(1). */
function watched() {
  const t = workbench();
  const trace = path.join(t.home, 'trace');
  return {
    ...t,
    /** The exit number of `pkg` with these words. */
    change(...words: readonly string[]): number | null {
      const tracer = ['-f', '-qq', '-s', '4000', '-e', 'trace=execve', '-e', 'signal=none', '-o', trace];
      return spawnSync('strace', [...tracer, process.execPath, PROGRAM, '--root', t.root, ...words]).status;
    },
    flushed: (): readonly string[] =>
      [...fs.readFileSync(trace, 'utf8').matchAll(/\["sync", "-f", "--", "([^"]*)"\]/g)].map(
        ([, folder = '']) => folder,
      ),
  };
}

describe('what somebody has written', () => {
  needs('strace');

  test('an edit made while a change ran is on the disk beside the old file before its undo throws the new one away', async () => {
    const t = watched();
    const config = { files: { 'etc/site.conf': 'port 1\n' }, config: [{ path: 'etc/site.conf' }] };
    await t.ok('install', '-y', await t.bundle('site', '1.0.0', config));
    const hooks = { postinstall: 'echo edited >> "$PKG_CONFIG_DIR/site.conf"; exit 1' };
    const failed = t.change('install', '-y', await t.bundle('site', '2.0.0', { ...config, hooks }));
    expect(failed).toBe(1);
    expect(t.read('current/etc/site/site.conf.pkg-edited-2')).toContain('edited');
    expect(t.flushed()).toContain(t.at('config/site/1'));
  });

  test('files changed by hand are on the disk aside before the change that leaves them behind begins', async () => {
    const t = watched();
    await t.ok('install', '-y', await t.bundle('site', '1.0.0'));
    const folder = fs.readdirSync(t.at('store/site')).find((name) => name.startsWith('1.0.0'));
    t.tamper(`store/site/${folder}/data.txt`, 'by hand\n');
    const done = t.change('install', '-y', '--accept-drift', await t.bundle('site', '2.0.0'));
    expect(done).toBe(0);
    expect(t.read('transactions/2/drift/site/data.txt')).toBe('by hand\n');
    expect(t.flushed()).toContain(t.at('transactions/2/drift'));
  });
});
