import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  findDrift,
  type PackedBundle,
  packBundle,
  readStoredManifest,
  stageArchive,
  type Unpacked,
  verifyFolder,
} from '../../src/bundle/index.ts';
import { HOOKS, script, sourceFolder, type Tree, temporaryFolder } from './temporary.ts';

const tree: Tree = {
  'bin/run': script,
  'lib/deep/a': 'aaa',
  'lib/empty': '',
  'lib/link': '-> deep/a',
  'lib/nothing': null,
  // larger than what is handled at once
  'lib/large': Array.from({ length: 150_000 }, (_, at) => at * at).join(),
};

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

const pack = async (version = '1.0.0', content: Tree = tree): Promise<PackedBundle> =>
  await packBundle({ folder: sourceFolder({ name: 'demo', version }, content), outDir: folder, hookLibrary: HOOKS });

const stage = async (file: string, name = 'staged', more: Partial<Parameters<typeof stageArchive>[0]> = {}) =>
  await stageArchive({ file, into: join(folder, name), keepCopy: null, reuse: null, ...more });

const inodeOf = (name: string, path: string): number => lstatSync(join(folder, name, path)).ino;

const stageBoth = async (damage: (installed: string) => void = () => {}) => {
  const first = await stage((await pack('1.0.0')).file, 'installed');
  damage(join(folder, 'installed'));
  const next = await pack('1.1.0', { ...tree, 'lib/deep/a': 'new', 'lib/deep/b': 'aaa' });
  const staged = await stage(next.file, 'next', {
    reuse: { folder: join(folder, 'installed'), manifest: first.manifest },
  });
  expect(await verifyFolder(join(folder, 'next'), next.digest)).toEqual([]);
  return staged;
};

const changeLarge = (installed: string): void => {
  const path = join(installed, 'lib/large');
  writeFileSync(path, readFileSync(path, 'utf8').replace('1', '2'));
};

describe('staging', () => {
  test('unpacks read-only, with everything as it was shipped', async () => {
    const packed = await pack();
    const staged = await stage(packed.file);
    expect(staged).toMatchObject({
      id: { name: 'demo', version: '1.0.0', digest: packed.digest },
      entries: 10,
      linked: 0,
      label: null,
    });
    const at = join(folder, 'staged');
    expect(readFileSync(join(at, 'lib/link'), 'utf8')).toBe('aaa');
    expect(readFileSync(join(at, 'lib/large'), 'utf8')).toBe(tree['lib/large']);
    const modes = ['', 'lib', 'lib/nothing', 'bin/run', 'lib/deep/a', 'bundle.json'].map((path) =>
      (lstatSync(join(at, path)).mode & 0o7777).toString(8),
    );
    expect(modes).toEqual(['755', '555', '555', '555', '444', '444']);
    expect(await verifyFolder(at, packed.digest)).toEqual([]);
    expect(await readStoredManifest(at, packed.digest)).toEqual(staged.manifest);
  });

  test('says how far it is, in few words, and at last that all is there', async () => {
    const packed = await pack('1.0.0', { ...tree, 'lib/huge': 'x'.repeat(5 << 20) });
    const told: Unpacked[] = [];
    const { contentSize, manifest } = await stage(packed.file, 'staged', { onProgress: (one) => told.push(one) });
    const files = manifest.files.filter(({ type }) => type === 'file').length;
    expect(told.at(-1)).toEqual({ bytes: contentSize, of: contentSize, files, ofFiles: files });
    expect(told.length).toBeGreaterThan(2);
    expect(told.length).toBeLessThan(10);
    expect(told).toEqual(told.toSorted((a, b) => a.bytes - b.bytes || a.files - b.files));
  });

  test('counts a file when all of it is there: in threads, in one, and where it is shared', async () => {
    const small = { a: 'a', b: 'x'.repeat(2 << 20), 'z/empty-1': '', 'z/empty-2': '' };
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`many/${n}`, `${n}`]));
    const ends: Unpacked[] = [];
    for (const [n, content] of [small, { ...small, ...many }].entries()) {
      const told: Unpacked[] = [];
      const onProgress = (one: Unpacked): number => told.push(one);
      const first = await stage((await pack(`1.${n}.0`, content)).file, `first-${n}`, { onProgress });
      const reuse = { folder: join(folder, `first-${n}`), manifest: first.manifest };
      expect(told.filter(({ files, ofFiles }) => files === ofFiles)).toHaveLength(1);
      ends.push(...told.slice(-1));
      await stage((await pack(`2.${n}.0`, content)).file, `second-${n}`, { reuse, onProgress });
      ends.push(...told.slice(-1));
    }
    expect(ends.map(({ files, ofFiles }) => [files, ofFiles])).toEqual([
      [4, 4],
      [4, 4],
      [504, 504],
      [504, 504],
    ]);
  });

  test('gives the same modes under a strict umask', async () => {
    const packed = await pack();
    const umask = process.umask(0o077);
    try {
      await stage(packed.file);
    } finally {
      process.umask(umask);
    }
    expect(await verifyFolder(join(folder, 'staged'), packed.digest)).toEqual([]);
    expect(statSync(join(folder, 'staged')).mode & 0o777).toBe(0o755);
  });

  test('unpacks many files in several threads', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 900 }, (_, at) => [`d${at % 7}/f${at}`, `content ${at}`.repeat(at)]),
    );
    const packed = await pack('1.0.0', { ...many, ...tree });
    const staged = await stage(packed.file);
    expect(await verifyFolder(join(folder, 'staged'), packed.digest)).toEqual([]);
    const again = await stage(packed.file, 'again', {
      reuse: { folder: join(folder, 'staged'), manifest: staged.manifest },
    });
    expect(again.linked).toBe(903 + 1);
  });

  test('gives files the time they were written', async () => {
    const start = Math.floor(Date.now() / 1000) * 1000;
    await stage((await pack()).file);
    expect(statSync(join(folder, 'staged/lib/deep/a')).mtimeMs).toBeGreaterThanOrEqual(start);
  });

  test('keeps a copy of exactly the archive that was checked', async () => {
    const packed = await pack();
    await stage(packed.file, 'staged', { keepCopy: join(folder, 'kept.tgz') });
    expect(readFileSync(join(folder, 'kept.tgz')).equals(readFileSync(packed.file))).toBe(true);
  });

  test('refuses another bundle than the one asked for, and leaves nothing', async () => {
    const packed = await pack();
    const wrong = stage(packed.file, 'staged', {
      expectDigest: `sha256:${'0'.repeat(64)}`,
      keepCopy: join(folder, 'kept.tgz'),
    });
    await expect(wrong).rejects.toMatchObject({
      code: 'digest-mismatch',
      exit: 6,
      message: expect.stringContaining(packed.digest),
    });
    expect(readdirSync(folder)).toEqual(['demo-1.0.0.tgz']);
    await expect(stage(packed.file, 'staged', { expectDigest: packed.digest })).resolves.toBeDefined();
  });

  test('never touches a folder or copy that was there before', async () => {
    const packed = await pack();
    mkdirSync(join(folder, 'staged'));
    writeFileSync(join(folder, 'staged/precious'), 'x');
    writeFileSync(join(folder, 'kept.tgz'), 'x');
    await expect(stage(packed.file)).rejects.toMatchObject({ code: 'system-failed' });
    await expect(stage(packed.file, 'other', { keepCopy: join(folder, 'kept.tgz') })).rejects.toMatchObject({
      code: 'system-failed',
    });
    expect(readFileSync(join(folder, 'staged/precious'), 'utf8')).toBe('x');
    expect(readFileSync(join(folder, 'kept.tgz'), 'utf8')).toBe('x');
    expect(existsSync(join(folder, 'other'))).toBe(false);
  });

  test('says so when there is no such archive', async () => {
    const missing = join(folder, 'none.tgz');
    await expect(stage(missing)).rejects.toMatchObject({ code: 'no-such-file', exit: 2 });
    await expect(stage(missing, 'staged', { keepCopy: join(folder, 'kept.tgz') })).rejects.toMatchObject({
      code: 'no-such-file',
    });
    await expect(stage(folder, 'staged')).rejects.toMatchObject({ code: 'not-an-archive' });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('reusing files of the installed version', () => {
  test('links what is the same, moved or not, and writes the rest', async () => {
    expect((await stageBoth()).linked).toBe(4);
    expect(inodeOf('next', 'lib/large')).toBe(inodeOf('installed', 'lib/large'));
    expect(inodeOf('next', 'lib/deep/b')).toBe(inodeOf('installed', 'lib/deep/a'));
    expect(inodeOf('next', 'lib/deep/a')).not.toBe(inodeOf('installed', 'lib/deep/a'));
  });

  const otherDisk = '/dev/shm';
  const isOther = existsSync(otherDisk) && statSync(otherDisk).dev !== statSync(tmpdir()).dev;
  test.skipIf(!isOther)('writes copies when the installed version lies on another file system', async () => {
    const packed = await pack();
    const elsewhere = mkdtempSync(join(otherDisk, 'pkg-bundle-'));
    try {
      const first = await stageArchive({ file: packed.file, into: join(elsewhere, 'x'), keepCopy: null, reuse: null });
      const reuse = { folder: join(elsewhere, 'x'), manifest: first.manifest };
      expect((await stage(packed.file, 'staged', { reuse })).linked).toBe(0);
      expect(await verifyFolder(join(folder, 'staged'), packed.digest)).toEqual([]);
    } finally {
      execFileSync('chmod', ['-R', 'u+w', elsewhere]);
      rmSync(elsewhere, { recursive: true });
    }
  });

  const damages: readonly (readonly [string, (installed: string) => void])[] = [
    ['changed by hand', (installed) => writeFileSync(join(installed, 'lib/deep/a'), 'bbb')],
    ['made longer', (installed) => appendFileSync(join(installed, 'lib/deep/a'), 'x')],
    ['made writable', (installed) => chmodSync(join(installed, 'lib/deep/a'), 0o644)],
    ['removed', (installed) => rmSync(join(installed, 'lib/deep/a'))],
    [
      'replaced by a link to the same content',
      (installed) => {
        rmSync(join(installed, 'lib/deep/a'));
        writeFileSync(join(installed, 'elsewhere'), 'aaa', { mode: 0o444 });
        symlinkSync('../../elsewhere', join(installed, 'lib/deep/a'));
      },
    ],
  ];
  test.each(damages)('never takes over a file that was %s', async (_, damage) => {
    expect((await stageBoth(damage)).linked).toBe(3);
  });

  test('a large file that was changed is written anew', async () => {
    expect((await stageBoth(changeLarge)).linked).toBe(3);
  });
});

describe('damage of an unpacked bundle', () => {
  const damages: readonly (readonly [string, (at: string) => void, readonly { path: string; change: string }[]])[] = [
    ['nothing', () => {}, []],
    [
      'a changed file',
      (at) => writeFileSync(join(at, 'lib/deep/a'), 'bbb'),
      [{ path: 'lib/deep/a', change: 'changed' }],
    ],
    ['a missing file', (at) => rmSync(join(at, 'lib/deep/a')), [{ path: 'lib/deep/a', change: 'missing' }]],
    ['an extra file', (at) => writeFileSync(join(at, 'lib/deep/z'), ''), [{ path: 'lib/deep/z', change: 'extra' }]],
    ['an extra file at the top', (at) => writeFileSync(join(at, 'z'), ''), [{ path: 'z', change: 'extra' }]],
    ['another mode', (at) => chmodSync(join(at, 'lib/deep/a'), 0o755), [{ path: 'lib/deep/a', change: 'mode' }]],
    [
      'a link that leads elsewhere',
      (at) => {
        rmSync(join(at, 'lib/link'));
        symlinkSync('empty', join(at, 'lib/link'));
      },
      [{ path: 'lib/link', change: 'changed' }],
    ],
    [
      'a file in the place of a folder',
      (at) => {
        chmodSync(join(at, 'lib/nothing'), 0o755);
        rmSync(join(at, 'lib/nothing'), { recursive: true });
        writeFileSync(join(at, 'lib/nothing'), '');
      },
      [{ path: 'lib/nothing', change: 'type' }],
    ],
    [
      'a folder that is gone',
      (at) => {
        chmodSync(join(at, 'lib/deep'), 0o755);
        rmSync(join(at, 'lib/deep'), { recursive: true });
      },
      [
        { path: 'lib/deep', change: 'missing' },
        { path: 'lib/deep/a', change: 'missing' },
      ],
    ],
  ];

  test.each(damages)('%s is found, by the full and by the quick look', async (_, damage, found) => {
    const packed = await pack();
    await stage(packed.file);
    const at = join(folder, 'staged');
    chmodSync(at, 0o555);
    const sealed = Date.now();
    for (const path of ['', 'lib', 'lib/deep']) chmodSync(join(at, path), 0o755);
    damage(at);
    for (const path of ['', 'lib', 'lib/deep']) if (existsSync(join(at, path))) chmodSync(join(at, path), 0o555);
    expect(await verifyFolder(at, packed.digest)).toEqual(found);
    expect(await findDrift(at, sealed)).toEqual(found);
  });

  test('the quick look trusts what the kernel says was not touched', async () => {
    const packed = await pack();
    await stage(packed.file);
    const at = join(folder, 'staged');
    chmodSync(join(at, 'lib/deep/a'), 0o644);
    writeFileSync(join(at, 'lib/deep/a'), 'bbb');
    chmodSync(join(at, 'lib/deep/a'), 0o444);
    expect(await findDrift(at, Date.now() + 60_000)).toEqual([]);
    expect(await findDrift(at, 0)).toEqual([{ path: 'lib/deep/a', change: 'changed' }]);
  });

  test('a changed bundle.json is not believed', async () => {
    const packed = await pack();
    await stage(packed.file);
    const at = join(folder, 'staged');
    chmodSync(join(at, 'bundle.json'), 0o644);
    appendFileSync(join(at, 'bundle.json'), ' ');
    expect(await verifyFolder(at, packed.digest)).toEqual([{ path: 'bundle.json', change: 'changed' }]);
    await expect(readStoredManifest(at, packed.digest)).rejects.toMatchObject({ code: 'damaged' });
    expect(await findDrift(at, 0, packed.digest)).toEqual([{ path: 'bundle.json', change: 'changed' }]);
    rmSync(join(at, 'bundle.json'));
    expect(await findDrift(at, 0)).toEqual([{ path: 'bundle.json', change: 'missing' }]);
    expect(await verifyFolder(at, packed.digest)).toEqual([{ path: 'bundle.json', change: 'missing' }]);
    await expect(readStoredManifest(at)).rejects.toMatchObject({ code: 'damaged' });
  });

  test('a file shared with another version is not damage', async () => {
    const packed = await pack();
    await stage(packed.file);
    const sealed = Date.now();
    linkSync(join(folder, 'staged/lib/deep/a'), join(folder, 'shared'));
    expect(await findDrift(join(folder, 'staged'), sealed)).toEqual([]);
    expect(readlinkSync(join(folder, 'staged/lib/link'))).toBe('deep/a');
  });
});
