import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FILE_SYSTEMS } from '../faults/programme/power-file-systems.ts';
import { mountDisk, needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { type Workbench, workbench } from '../support/pkg.ts';
import { attributesOf, fillOddly, lookAt, RUINOUS } from './odd-data.ts';

/** Takes away what it can of rights and attributes, and adds others. */
const RIGHTS = `
setfattr -x user.origin big
setfattr -n user.added -v x table
setfacl -b big .
setfacl -m u:3:rwx,d:u:4:rwx deep
chown 5:6 table
`;

const size = (file: string): number => fs.statSync(file).blocks * 512;

/** Pieces of a file on the disk, and how many of them it shares with another file. */
function pieces(file: string): { readonly all: number; readonly shared: number } {
  const lines = execFileSync('filefrag', ['-v', file], { encoding: 'utf8' }).split('\n');
  const all = lines.filter((line) => /^ +\d+: /.test(line));
  return { all: all.length, shared: all.filter((line) => line.includes('shared')).length };
}

function withRights(t: Workbench): string {
  const folder = t.at('data/db');
  fillOddly(folder);
  execFileSync('setfattr', ['-n', 'user.origin', '-v', 'here', 'big'], { cwd: folder });
  execFileSync('setfacl', ['-m', 'u:1:rw,g:2:r', 'big'], { cwd: folder });
  execFileSync('setfacl', ['-m', 'u:1:rwx,d:u:2:rwx', '.'], { cwd: folder });
  execFileSync('sync', ['-f', folder]);
  return folder;
}

describe.each(['btrfs', 'xfs'] as const)('a backup of data on %s', (kind) => {
  needs('root', FILE_SYSTEMS[kind].make[0], `kernel:${kind}`, 'filefrag', 'setfacl', 'setfattr');
  needsMounts();

  test('shares its blocks, and brings back rights, attributes and holes as they were', async () => {
    const t = workbench();
    mountDisk(t.root, FILE_SYSTEMS[kind]);
    await t.ok('install', '-y', await t.bundle('db', '1.0.0', { data: { directory: true, writes: 1 } }));
    const folder = withRights(t);
    const before = [lookAt(folder), attributesOf(folder)];
    const holes = size(`${folder}/holes`);
    expect(holes).toBeLessThan(1 << 20);
    const steps = [{ backup: true }, { migrate: 'bin/migrate', irreversible: true }];
    const next = await t.bundle('db', '2.0.0', {
      files: { 'bin/migrate': `${RUINOUS}${RIGHTS}` },
      data: { directory: true, reads: [2], writes: 2 },
      upgrade: { up: [{ from: '1.x', steps }] },
    });
    await t.ok('install', '-y', '--try', '10m', next);
    const copy = t.at('data/.backup-db-2');
    expect([lookAt(copy), attributesOf(copy)]).toEqual(before);
    expect([lookAt(folder), attributesOf(folder)]).not.toEqual(before);
    // The migration has added a line to it; what comes before the line is still the same on the disk.
    const big = pieces(`${copy}/big`);
    expect(big.shared, JSON.stringify(big)).toBeGreaterThan(0);
    expect(size(`${copy}/holes`)).toBe(holes);
    await t.ok('rollback', '-y');
    expect([lookAt(folder), attributesOf(folder)]).toEqual(before);
    expect(size(`${folder}/holes`)).toBe(holes);
  });
});
