import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PackedBundle, packBundle, stageArchive, verifyArchive, verifyFolder } from '../../src/bundle/index.ts';
import type { PkgError } from '../../src/error.ts';
import { divide, type Part, putTogether, takeApart } from './divided-archive.ts';
import { bundleJson, goodBundle, tarOf } from './raw-archive.ts';
import { HOOKS, type Tree, temporaryFolder, writeTree } from './temporary.ts';

const { manifest, files, parts } = goodBundle();
const goodTar = tarOf(bundleJson(manifest, files), parts);
const [table, entries, end] = divide(goodTar, files.length) as readonly [Part, Part, Part];

const refusalOf = async (archive: Buffer, folder = temporaryFolder()): Promise<PkgError> => {
  const file = join(folder, 'hostile.tgz');
  writeFileSync(file, archive);
  const keepCopy = join(folder, 'kept.tgz');
  const staged = await stageArchive({ file, into: join(folder, 'staged'), keepCopy, reuse: null }).catch((e) => e);
  expect(readdirSync(folder)).toEqual(['hostile.tgz']);
  const verified = await verifyArchive(file).catch((e) => e);
  expect(verified.message).toBe(staged.message);
  return staged;
};

describe('an archive whose members say what they hold', () => {
  test('is accepted when that is so', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'good.tgz'), putTogether([table, entries, end]));
    const opened = await verifyArchive(join(folder, 'good.tgz'));
    expect(opened.entries).toBe(7);
  });

  const withEntries = (bent: Partial<Part>): readonly Part[] => [table, { ...entries, ...bent }, end];
  const half = 512 * 4;
  const [first, second] = [
    { ...entries, rows: 2, tar: entries.tar.subarray(0, half - 512) },
    { ...entries, firstRow: 2, rows: 4, tar: entries.tar.subarray(half - 512) },
  ];
  const lies: readonly (readonly [string, string, readonly Part[]])[] = [
    ['two members hold the same row', 'member-index', [table, first, { ...second, firstRow: 1, rows: 5 }, end]],
    ['a row is in no member', 'member-index', [table, first, { ...second, firstRow: 3, rows: 3 }, end]],
    ['the rows end too early', 'member-index', [table, { ...entries, rows: 5 }, { ...end, firstRow: 5 }]],
    [
      'there are more rows than the table has',
      'member-index',
      [table, { ...entries, rows: 7 }, { ...end, firstRow: 7 }],
    ],
    [
      'the rows of two members are exchanged',
      'missing-entry',
      [table, { ...first, tar: second.tar }, { ...second, tar: first.tar }, end],
    ],
    [
      'a member holds a row less than it says',
      'missing-entry',
      [table, { ...first, rows: 3 }, { ...second, firstRow: 3, rows: 3 }, end],
    ],
    [
      'a member holds a row more than it says',
      'duplicate-path',
      [table, { ...first, rows: 1 }, { ...second, firstRow: 1, rows: 5 }, end],
    ],
    ['members without rows hold entries', 'member-index', [table, { ...entries, rows: 0 }, { ...end, firstRow: 0 }]],
    ['the table is cut short', 'truncated', [{ ...table, tar: table.tar.subarray(0, 1024) }, entries, end]],
    [
      'an entry hides behind the table',
      'member-index',
      [{ ...table, tar: Buffer.concat([table.tar, entries.tar]) }, entries, end],
    ],
    ['the table does not come first', 'member-index', [entries, table, end]],
    ['the table comes twice', 'member-index', [table, entries, table, end]],
    ['it begins with the rest of something', 'member-index', [{ ...table, kind: 'rest' }, entries, end]],
    ['an end mark hides in the middle', 'missing-entry', [table, { ...first, tar: end.tar }, second, end]],
    [
      'an end mark hides behind the entries',
      'member-index',
      withEntries({ tar: Buffer.concat([entries.tar, end.tar]) }),
    ],
    [
      'an entry hides behind the end mark',
      'tar-trailing-data',
      [table, entries, { ...end, tar: Buffer.concat([end.tar, entries.tar]) }],
    ],
    [
      'an entry hides in the end',
      'duplicate-path',
      [table, entries, { ...end, tar: Buffer.concat([first.tar, end.tar]) }],
    ],
    [
      'a member inflates to more than it says',
      'member-index',
      withEntries({ claims: { inflated: entries.tar.length - 512 } }),
    ],
    [
      'a member inflates to less than it says',
      'member-index',
      withEntries({ claims: { inflated: entries.tar.length + 512 } }),
    ],
    ['a member would be a bomb', 'member-index', withEntries({ tar: Buffer.alloc(64 << 20) })],
    ['a member is longer than it says', 'member-index', withEntries({ claims: { length: 90 } })],
    ['a member is shorter than it says', 'truncated', [table, { ...first, claims: { length: 600 } }, second, end]],
    ['a member says it has no length', 'member-index', withEntries({ claims: { length: 0 } })],
    ['something stands between two members', 'member-index', withEntries({ trailer: Buffer.alloc(20) })],
    ['the compressed bytes are not those of the checksum', 'member-checksum', withEntries({ claims: { sum: 1 } })],
    ['the checksum of gzip is another', 'gzip-checksum', withEntries({ trailer: trailer(1, entries.tar.length) })],
    ['the length of gzip is another', 'member-index', withEntries({ trailer: trailer(0, 1) })],
    ['the compressed bytes are none', 'gzip-damaged', withEntries({ compressed: Buffer.alloc(64, 0xff) })],
    ['the compressed bytes end too early', 'gzip-damaged', withEntries({ compressed: Buffer.of(0, 5) })],
  ];
  test.each(lies)('is refused when %s (%s)', async (_, rule, bent) => {
    const refusal = await refusalOf(putTogether(bent));
    expect(refusal).toMatchObject({ exit: 6, details: { rule } });
    expect(refusal.message).toContain('hostile.tgz');
  });

  test.each([
    ['an ordinary member stands among them', putTogether([table]), gzipSync(entries.tar), 'member-index'],
    ['an ordinary member follows', putTogether([table, entries, end]), gzipSync('x'), 'gzip-trailing-data'],
    ['the same archive follows', putTogether([table, entries, end]), putTogether([table, end]), 'gzip-trailing-data'],
    [
      'such members follow an ordinary one',
      gzipSync(goodTar),
      putTogether([table, entries, end]),
      'gzip-trailing-data',
    ],
  ])('is refused when %s', async (_, before, after, rule) => {
    expect((await refusalOf(Buffer.concat([before, after]))).details).toMatchObject({ rule });
  });

  test('is refused when it is cut off anywhere, or any bit of it is flipped', async () => {
    const whole = putTogether([table, entries, end]);
    const folder = temporaryFolder();
    for (let at = 1; at < whole.length; at += 7) {
      expect([(await refusalOf(whole.subarray(0, at), folder)).code, at]).toEqual(['archive-truncated', at]);
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(at) ^ 0x10, at);
      expect([(await refusalOf(flipped, folder)).exit, at]).toEqual([6, at]);
    }
  });
});

function trailer(sum: number, length: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(sum, 0);
  bytes.writeUInt32LE(length, 4);
  return bytes;
}

/** Lines that deflate does not make small. */
const lines = (seed: number, count: number): string =>
  Array.from({ length: count }, (_, at) => ((at + seed) * 2654435761) % 4294967296).join('\n');

describe('upgrading to an archive of which most is installed', () => {
  const before: Tree = {
    'a-changed': 'old',
    ...Object.fromEntries(Array.from({ length: 24 }, (_, at) => [`lib/same-${10 + at}`, lines(at, 20_000)])),
    'lib/large': lines(7, 150_000),
    'z-changed': 'old',
  };
  const after: Tree = { ...before, 'a-changed': 'new', 'z-changed': 'new' };

  const built = mkdtempSync(join(tmpdir(), 'pkg-bundle-'));
  const pack = async (version: string, tree: Tree) => {
    const source = join(built, version);
    writeTree(source, { 'bundle.json': JSON.stringify({ name: 'demo', version }), ...tree });
    return await packBundle({ folder: source, outDir: built, hookLibrary: HOOKS });
  };
  beforeAll(async () => {
    await pack('1.0.0', before);
    next = await pack('1.1.0', after);
  });
  afterAll(() => rmSync(built, { recursive: true }));
  let next: PackedBundle;

  const prepare = async () => {
    const folder = temporaryFolder();
    const old = join(built, 'demo-1.0.0.tgz');
    const offered = join(folder, 'demo-1.1.0.tgz');
    const installed = join(folder, 'installed');
    const { manifest: stored } = await stageArchive({ file: old, into: installed, keepCopy: null, reuse: null });
    const stage = async (archive: Buffer, reuse = true) => {
      writeFileSync(offered, archive);
      const into = join(folder, 'next');
      return await stageArchive({
        file: offered,
        into,
        keepCopy: join(folder, 'kept.tgz'),
        reuse: reuse ? { folder: installed, manifest: stored } : null,
      });
    };
    return { folder, installed, archive: readFileSync(next.file), stage };
  };
  const unchanged = (list: readonly Part[]): number =>
    list.findIndex(({ kind, firstRow }) => kind === 'entries' && firstRow > 5);
  /** Another content of the same length, with all checksums right. */
  const lying = (archive: Buffer): Buffer => {
    const list = takeApart(archive);
    const at = unchanged(list);
    return putTogether(list.map((part, n) => (n === at ? { ...part, tar: scrambled(part.tar) } : part)));
  };

  test('what pkg build writes is divided, and any other reader takes it for the same tar', async () => {
    const archive = readFileSync(next.file);
    const list = takeApart(archive);
    expect(list.length).toBeGreaterThan(10);
    expect(list.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['table', 'entries', 'rest', 'end']));
    const tar = Buffer.concat(list.map((part) => part.tar));
    expect(gunzipSync(archive).equals(tar)).toBe(true);
    expect(execFileSync('gzip', ['-dc', next.file], { maxBuffer: 1e8 }).equals(tar)).toBe(true);
    expect(execFileSync('tar', ['tzf', next.file], { encoding: 'utf8' }).split('\n')).toHaveLength(30);
    expect(putTogether(list).length).toBeGreaterThan(0.9 * archive.length);
  });

  test('links what is there, and the copy that is kept is the archive, byte for byte', async () => {
    const { folder, archive, stage } = await prepare();
    expect((await stage(archive)).linked).toBe(25);
    expect(await verifyFolder(join(folder, 'next'), next.digest)).toEqual([]);
    expect(readFileSync(join(folder, 'kept.tgz')).equals(archive)).toBe(true);
  });

  test('damage in a part that is not needed is found all the same, and nothing is left', async () => {
    const { folder, archive, stage } = await prepare();
    const damaged = Buffer.from(archive);
    damaged.writeUInt8(damaged.readUInt8(archive.length >> 1) ^ 1, archive.length >> 1);
    await expect(stage(damaged)).rejects.toMatchObject({ exit: 6, details: { rule: 'member-checksum' } });
    expect(readdirSync(folder).toSorted()).toEqual(['demo-1.1.0.tgz', 'installed']);
    await expect(stage(archive.subarray(0, -100))).rejects.toMatchObject({ code: 'archive-truncated' });
  });

  test('an archive made to lie where nobody has to look brings in no byte of it', async () => {
    const { folder, archive, stage } = await prepare();
    await stage(lying(archive));
    expect(await verifyFolder(join(folder, 'next'), next.digest)).toEqual([]);
    // whoever reads all of it says what it is
    await expect(verifyArchive(join(folder, 'kept.tgz'))).rejects.toMatchObject({
      details: { rule: 'sha256-mismatch' },
    });
  });

  test('and is refused where the lie is needed: in a new root, or when the installed file is not what it was', async () => {
    const { installed, archive, stage } = await prepare();
    await expect(stage(lying(archive), false)).rejects.toMatchObject({ details: { rule: 'sha256-mismatch' } });
    for (const name of readdirSync(join(installed, 'lib'))) {
      chmodSync(join(installed, 'lib', name), 0o644);
      writeFileSync(join(installed, 'lib', name), 'edited');
    }
    await expect(stage(lying(archive))).rejects.toMatchObject({ exit: 6, details: { rule: 'sha256-mismatch' } });
  });

  test('what is not what it was is unpacked', async () => {
    const { folder, installed, archive, stage } = await prepare();
    for (const name of ['same-20', 'large']) {
      chmodSync(join(installed, 'lib', name), 0o644);
      writeFileSync(join(installed, 'lib', name), 'edited');
    }
    expect((await stage(archive)).linked).toBe(23);
    expect(await verifyFolder(join(folder, 'next'), next.digest)).toEqual([]);
  });
});

/** The same headers, another content. */
function scrambled(tar: Buffer): Buffer {
  const bytes = Buffer.from(tar);
  bytes.writeUInt8(bytes.readUInt8(700) ^ 1, 700);
  return bytes;
}
