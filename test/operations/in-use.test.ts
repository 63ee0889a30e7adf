import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';

describe('a bundle that a process runs from', () => {
  test('is never collected, also when the root was named through a symlink', async () => {
    const t = workbench();
    fs.mkdirSync(t.root);
    const link = path.join(t.home, 'link');
    fs.symlinkSync(t.root, link);
    const version = (n: number) => t.bundle('web', `${n}.0.0`, { files: { 'bin/run': '#!/bin/sh\nexec sleep 60\n' } });
    await t.ok('--root', link, 'install', '-y', await version(1));
    const folder = fs.realpathSync(t.at('current/bundles/web'));
    const child = spawn('sleep', ['60'], { cwd: folder });
    await once(child, 'spawn');
    try {
      for (const n of [2, 3, 4, 5]) await t.ok('--root', link, 'install', '-y', await version(n));
      expect(fs.existsSync(path.join(folder, 'data.txt'))).toBe(true);
      const { json, err } = await t.ok('--root', link, 'gc', '--json');
      expect(json.held, err).toMatchObject([{ name: 'web', version: '1.0.0', by: [{ pid: child.pid }] }]);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await t.ok('--root', link, 'install', '-y', await version(6));
    if (process.getuid?.() !== 0) return;
    expect(fs.existsSync(folder)).toBe(false);
    expect(fs.readdirSync(t.at('archives')).filter((name) => name.startsWith('web-1.0.0'))).toEqual([]);
  });
});
