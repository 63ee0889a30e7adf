import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Fills a data folder with everything that a program may leave there; answers nothing that a copy could overlook. */
export function fillOddly(folder: string): void {
  const at = (...parts: readonly string[]): string => path.join(folder, ...parts);
  fs.mkdirSync(at('deep', 'er'), { recursive: true });
  fs.writeFileSync(at('table'), 'format 1\nrow\n');
  fs.writeFileSync(at('big'), Buffer.alloc(2 << 20, 'pages of a table\n'));
  fs.writeFileSync(at('deep', 'er', 'secret'), 'for one only\n', { mode: 0o600 });
  fs.writeFileSync(at('deep', 'read-only'), 'nobody writes here\n', { mode: 0o444 });
  fs.writeFileSync(at('.hidden'), '');
  fs.writeFileSync(at('a name with\nblanks and ünïcode'), 'x\n');
  fs.writeFileSync(Buffer.concat([Buffer.from(`${folder}/not-utf-8-`), Buffer.from([0xff, 0xfe])]), 'bytes\n');
  fs.linkSync(at('table'), at('deep', 'same-table'));
  fs.symlinkSync('deep/er', at('link'));
  fs.symlinkSync('/nowhere/at all', at('dangling'));
  fs.truncateSync(holed(at('holes')), 8 << 20);
  fs.mkdirSync(at('empty'), { mode: 0o711 });
  fs.mkdirSync(at('closed'), { mode: 0o700 });
  fs.writeFileSync(at('closed', 'inside'), 'x\n');
  execFileSync('mkfifo', [at('pipe')]);
  if (process.getuid?.() === 0) {
    fs.chownSync(at('deep', 'er', 'secret'), 33, 34);
    fs.chownSync(at('closed'), 1, 2);
  }
  for (const name of ['table', 'deep/er/secret', 'deep/er', 'deep', 'empty']) setTime(at(name));
  fs.chmodSync(at('closed'), 0o500);
}

/** Changes, adds, replaces and removes something of every kind, as a migration does that cannot be turned back. */
export const RUINOUS = `#!/bin/sh
cd "$PKG_DATA_DIR" || exit 1
echo 'format 2' > table
rm deep/same-table && echo other > deep/same-table
rm -rf deep/er link pipe empty .hidden closed
ln -s somewhere link
mkdir .hidden && echo new > .hidden/file
echo grown >> big
chmod 777 deep deep/read-only
touch holes
echo more > added
`;

/** Everything there is to each file below a folder: two folders are the same when these are. */
export function lookAt(folder: string): readonly string[] {
  const inodes = new Map<string, number>();
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'latin1' }) as readonly string[];
  return ['.', ...names.toSorted()].map((name) => {
    const file = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name, 'latin1')]);
    const found = fs.lstatSync(file, { bigint: true });
    const { mode, uid, gid, mtimeNs, nlink, ino } = found;
    const group = found.isDirectory() || nlink === 1n ? '' : ` linked ${number(inodes, String(ino))}`;
    return `${name} ${mode.toString(8)} ${uid}:${gid} ${mtimeNs}${group} ${contentOf(file, found)}`;
  });
}

/** All that getfattr(1) knows of what lies in a folder, ACLs too; also of links, and text in which nothing is lost. */
export function attributesOf(folder: string): string {
  return execFileSync('getfattr', ['-R', '-P', '-h', '-d', '-m', '-', '.'], { cwd: folder, encoding: 'latin1' });
}

function number(inodes: Map<string, number>, ino: string): number {
  const known = inodes.get(ino) ?? inodes.size;
  inodes.set(ino, known);
  return known;
}

function contentOf(file: Buffer, found: fs.BigIntStats): string {
  if (found.isSymbolicLink()) return `-> ${fs.readlinkSync(file)}`;
  if (!found.isFile()) return '';
  return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
}

function holed(file: string): string {
  fs.writeFileSync(file, 'begins\n');
  return file;
}

/** A time with nanoseconds, as no call of Node can set it. */
function setTime(file: string): void {
  execFileSync('touch', ['-d', '2001-02-03 04:05:06.123456789', file]);
}
