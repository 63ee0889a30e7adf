import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { PROGRAM, type Workbench, workbench } from '../support/pkg.ts';

describe('a disk that loses something while a large bundle is unpacked', () => {
  needs('root', 'unshare');
  needsMounts();

  test('fails the change, though the flush at the end went well', async () => {
    const t = workbench();
    const large = await t.bundle('large', '1.0.0', { files: { zeros: '\0'.repeat(100 * 1024 * 1024) } });
    const { exitCode, stderr } = await withSync(t, '[ -e "$0.told" ] && exit 0; : > "$0.told"', large);
    expect(stderr).toContain('Input/output error');
    expect(exitCode).toBe(1);
    expect(t.exists('current')).toBe(false);
    expect(t.exists('tmp') ? fs.readdirSync(t.at('tmp')) : []).toEqual([]);
  });
});

/** Installs an archive where `sync` does what a script says, and then fails as on a broken disk. */
function withSync(t: Workbench, script: string, archive: string) {
  const sync = path.join(t.home, 'sync');
  const fails = 'echo "sync: error syncing: Input/output error" >&2; exit 1';
  fs.writeFileSync(sync, `#!/bin/sh\n${script.replaceAll('$0', sync)}\n${fails}\n`, { mode: 0o755 });
  const line = 'mount --bind "$0" /usr/bin/sync && exec "$@"';
  const words = ['--root', t.root, 'install', '-y', archive];
  return execa('unshare', ['--mount', 'sh', '-c', line, sync, process.execPath, PROGRAM, ...words], {
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: { PATH: process.env.PATH, HOME: t.home },
  });
}
