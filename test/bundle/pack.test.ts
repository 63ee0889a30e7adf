import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extract, pack as packTar } from 'tar-stream';
import { describe, expect, test } from 'vitest';
import { ByteReader } from '../../src/bundle/archive/byte-reader.ts';
import { readEntry } from '../../src/bundle/archive/read-entry.ts';
import { tarEntry } from '../../src/bundle/archive/tar-entry.ts';
import { writeArchive } from '../../src/bundle/archive/write-archive.ts';
import { hashSource } from '../../src/bundle/folder/hash-source.ts';
import { digestOf, packBundle, peekArchive, verifyArchive } from '../../src/bundle/index.ts';
import type { StoredManifest } from '../../src/model/index.ts';
import { HOOKS, script, sourceFolder, type Tree, temporaryFolder, writeTree } from './temporary.ts';

const demo = { name: 'demo', version: '1.0.0' };

const pack = async (folder: string, more: { outDir?: string; sourceDateEpoch?: number } = {}) =>
  await packBundle({ folder, outDir: join(dirname(folder), 'out'), hookLibrary: HOOKS, ...more });

const UNREADABLE = '.pkgignore: it is no file that can be read';

const pathsOf = async (file: string): Promise<readonly string[]> =>
  (await peekArchive(file)).manifest.files.map(({ path }) => path);

describe('the same folder gives the same bytes', () => {
  const tree: Tree = {
    'bin/run': script,
    'lib/ä/deep': 'x',
    'lib/b': 'b'.repeat(5000),
    'lib/link': '-> b',
    empty: null,
  };

  test('whatever the times, the order of creation, the name of the folder and the umask', async () => {
    const one = sourceFolder(demo, tree);
    const umask = process.umask(0o077);
    const other = sourceFolder(demo, Object.fromEntries(Object.entries(tree).toReversed()));
    renameSync(other, `${other}-elsewhere`);
    process.umask(umask);
    utimesSync(join(one, 'lib/b'), 1, 1);
    const [first, second] = [await pack(one), await pack(`${other}-elsewhere`)];
    expect(readFileSync(first.file).equals(readFileSync(second.file))).toBe(true);
    expect(first.digest).toBe(second.digest);
  });

  test('when it is large enough for several chunks at a time', async () => {
    const large: Tree = {
      random: Array.from({ length: 300_000 }, (_, at) => (at * 2654435761) % 4294967296).join(),
      zeros: '0'.repeat(3_000_000),
    };
    const [first, second] = [await pack(sourceFolder(demo, large)), await pack(sourceFolder(demo, large))];
    expect(readFileSync(first.file).equals(readFileSync(second.file))).toBe(true);
    expect((await verifyArchive(first.file)).id.digest).toBe(first.digest);
    // other readers take it for one stream
    expect(
      execFileSync('gzip', ['-dc', first.file], { maxBuffer: 1e8 }).equals(gunzipSync(readFileSync(first.file))),
    ).toBe(true);
  });

  test('again and again into a folder below itself', async () => {
    const folder = sourceFolder(demo, { a: 'a' });
    const outDir = join(folder, 'dist/out');
    const first = await pack(folder, { outDir });
    const second = await pack(folder, { outDir });
    expect(second.digest).toBe(first.digest);
    expect(await pathsOf(second.file)).toEqual(['a']);
  });

  test('and SOURCE_DATE_EPOCH is the time of every entry', async () => {
    const folder = sourceFolder(demo, { a: 'a', b: null });
    const { file, digest } = await pack(folder, { sourceDateEpoch: 86_400 });
    const listing = execFileSync('tar', ['tvzf', file, '--utc'], { encoding: 'utf8' });
    expect(listing.match(/1970-01-02 00:00/g)).toHaveLength(3);
    expect(digest).toBe((await pack(folder)).digest);
  });
});

describe('an archive', () => {
  test('is the folder one to one, as tar sees it', async () => {
    const long = `${'long-name-'.repeat(20)}x`;
    const folder = sourceFolder(demo, {
      'bin/run': script,
      [`deep/${long}`]: 'l',
      grüße: 'g',
      'links/a': `-> ../deep/${long}`,
      empty: null,
    });
    const { file } = await pack(folder);
    const unpacked = temporaryFolder();
    execFileSync('tar', ['xzf', file, '-C', unpacked]);
    expect(readdirSync(unpacked, { recursive: true }).toSorted()).toEqual(
      ['bin', 'bin/run', 'bundle.json', 'deep', `deep/${long}`, 'empty', 'grüße', 'links', 'links/a'].toSorted(),
    );
    expect(readFileSync(join(unpacked, 'links/a'), 'utf8')).toBe('l');
    expect(statSync(join(unpacked, 'bin/run')).mode & 0o777).toBe(0o755);
  });

  test('begins with the canonical bundle.json, whose digest is the identity', async () => {
    const folder = sourceFolder(
      '{\n  // a comment\n  "version": "1.0.0", "name": "demo",\n  "hooks": { "preinstall": "go" }, }',
      { go: script },
    );
    const { file, digest, files, size } = await pack(folder);
    const entries = await entriesOf(file);
    expect(entries[0]?.name).toBe('bundle.json');
    expect(digestOf(entries[0]?.body ?? '')).toBe(digest);
    const stored = JSON.parse(entries[0]?.body ?? '') as StoredManifest;
    expect(Object.keys(stored)).toEqual(['files', 'hooks', 'name', 'version']);
    expect(stored.hooks).toEqual({ preinstall: ['go'] });
    expect([files, size]).toEqual([1, statSync(file).size]);
  });

  test('lists its entries by the bytes of their path', async () => {
    const folder = sourceFolder(demo, { 'a/x': '', 'a-b': '', 'a.b': '', Z: '', ä: '', '\u{1f600}': '', '\uffee': '' });
    const expected = ['Z', 'a', 'a-b', 'a.b', 'a/x', 'ä', '\uffee', '\u{1f600}'];
    const { file } = await pack(folder);
    expect(await pathsOf(file)).toEqual(expected);
    expect(expected).toEqual(expected.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
  });

  test('has no times, owners or modes of the machine that made it', async () => {
    const folder = sourceFolder(demo, { a: { text: 'a', mode: 0o600 }, b: { text: 'b', mode: 0o777 }, c: '-> a' });
    for (const { header } of await entriesOf((await pack(folder)).file)) {
      expect(header).toMatchObject({ uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(0) });
      expect([0o644, 0o755, 0o777]).toContain(header.mode);
    }
  });
});

describe('names, sizes and times that a classic header cannot hold', () => {
  test('long names and names beyond ASCII are the same for us and for tar', async () => {
    const folder = sourceFolder(demo, {
      [`${'d'.repeat(100)}/${'e'.repeat(100)}/${'f'.repeat(56)}`]: 'just beyond what a prefix holds',
      [`${'g'.repeat(99)}/`.repeat(3)]: null,
      [`${'h'.repeat(96)}/abc`]: 'exactly 100',
      [`${'h'.repeat(97)}/abc`]: 'exactly 101',
      'ü/ö': 'short',
      'to-ä': '-> ü/ö',
      'to-far': `-> ${'d'.repeat(100)}/${'e'.repeat(100)}/${'f'.repeat(56)}`,
    });
    const { file } = await pack(folder);
    const unpacked = temporaryFolder();
    execFileSync('tar', ['xzf', file, '-C', unpacked]);
    const names = (await verifyArchive(file)).manifest.files.map(({ path }) => path);
    expect(readdirSync(unpacked, { recursive: true }).toSorted()).toEqual([...names, 'bundle.json'].toSorted());
    expect(readFileSync(join(unpacked, 'to-ä'), 'utf8')).toBe('short');
  });

  test('a file of nine gigabytes', async () => {
    const size = 9 * 1024 ** 3;
    const tar = packTar();
    tar.entry(tarEntry({ path: 'ä', type: 'file', mode: '0644', size, sha256: '' }, 0)).on('error', () => {});
    const entry = await readEntry(new ByteReader(tar as AsyncIterable<Buffer>), null);
    tar.destroy();
    expect(entry).toEqual({ path: 'ä', type: 'file', mode: 0o644, size, target: '' });
  });

  test('a time after 2038 becomes the last one before', async () => {
    const { file } = await pack(sourceFolder(demo, { a: '' }), { sourceDateEpoch: 2 ** 32 });
    expect(execFileSync('tar', ['tvzf', file, '--utc'], { encoding: 'utf8' }).match(/2038-01-19/g)).toHaveLength(2);
  });
});

describe('what goes in', () => {
  test('.pkgignore and include leave things out, hooks stay in', async () => {
    const folder = sourceFolder(
      { ...demo, include: ['lib/**', 'top.txt'], hooks: { preinstall: 'scripts/hidden/pre' } },
      {
        '.pkgignore': '*.log\nscripts/\n',
        'lib/.dot/a': '',
        'lib/x.log': '',
        'top.txt': '',
        'sub/top.txt': '',
        'scripts/hidden/pre': script,
        'scripts/other': '',
      },
    );
    const expected = ['lib', 'lib/.dot', 'lib/.dot/a', 'scripts', 'scripts/hidden', 'scripts/hidden/pre', 'top.txt'];
    expect(await pathsOf((await pack(folder)).file)).toEqual(expected);
  });

  test('version control and the archive of an earlier build stay out', async () => {
    const folder = sourceFolder(demo, {
      '.git/config': '',
      'sub/.git': 'gitdir: x',
      a: '',
      'other-1.0.0.tgz': '',
      'demo-0.9.0.tgz': '',
    });
    const inside = await pack(folder, { outDir: folder });
    expect(await pathsOf(inside.file)).toEqual(['a', 'other-1.0.0.tgz', 'sub']);
    expect((await pack(folder)).digest).toBe(inside.digest);
  });

  test('ready-made hooks come with their opposites', async () => {
    const folder = sourceFolder({ ...demo, hooks: { postinstall: ['pkg:create-user', 'pkg:wait-for-http'] } });
    const { file } = await pack(folder);
    const files = (await peekArchive(file)).manifest.files;
    expect(files.map(({ path }) => path)).toEqual([
      'hooks',
      'hooks/pkg',
      ...['create-user', 'remove-user', 'wait-for-http'].map((name) => `hooks/pkg/${name}`),
    ]);
    expect(files.at(-1)).toMatchObject({ mode: '0755' });
  });

  test('a control program comes with what belongs to it, which is no program', async () => {
    const folder = sourceFolder({ ...demo, services: { web: { start: ['node'], control: 'pkg:control-node' } } });
    const files = (await peekArchive((await pack(folder)).file)).manifest.files;
    expect(files.filter(({ path }) => path.startsWith('hooks/pkg/'))).toMatchObject([
      { path: 'hooks/pkg/control-node', mode: '0755' },
      { path: 'hooks/pkg/control-node-service.mjs', mode: '0644' },
    ]);
  });

  test('names that differ only in case are a warning', async () => {
    const { warnings } = await pack(sourceFolder(demo, { 'Pod/a': '', pod: '' }));
    expect(warnings).toEqual(["'Pod' and 'pod' differ only in case: not every file system can hold both"]);
  });
});

test('a link that leads nowhere is a warning, one that leads to the bundle itself or through others is none', async () => {
  const { warnings } = await pack(
    sourceFolder(demo, { 'lib/a': '', 'lib/up': '-> ..', d: '-> lib', e: '-> d/a', f: '-> d/nothing' }),
  );
  expect(warnings).toEqual(["'f' is a link that leads nowhere: lib/nothing"]);
});

describe('a failed build leaves nothing and says what is wrong with', () => {
  const broken: readonly (readonly [string, (folder: string) => void, string])[] = [
    [
      'a link that leaves',
      (folder) => symlinkSync('../../etc/passwd', join(folder, 'x')),
      'x: the symbolic link leaves the bundle: ../../etc/passwd (link-leaves)',
    ],
    [
      'an absolute link',
      (folder) => symlinkSync('/etc/passwd', join(folder, 'x')),
      'x: the symbolic link leaves the bundle: /etc/passwd (link-leaves)',
    ],
    [
      'a fifo',
      (folder) => void execFileSync('sh', ['-c', 'mkfifo "$0"', join(folder, 'pipe')]),
      'pipe: a fifo cannot go into a bundle',
    ],
    [
      'a name that is not UTF-8',
      (folder) => writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.of(0xff)]), ''),
      '\ufffd: its name is not UTF-8',
    ],
    ['a .pkgignore that leads nowhere', (folder) => symlinkSync('gone', join(folder, '.pkgignore')), UNREADABLE],
    ['a .pkgignore that is a folder', (folder) => mkdirSync(join(folder, '.pkgignore')), UNREADABLE],
    [
      'names that are one in Unicode',
      (folder) => writeTree(folder, { 'z\u00e9': '', 'ze\u0301': '' }),
      'two paths are the same after Unicode normalisation',
    ],
  ];
  test.each(broken)('%s', async (_, breakIt, message) => {
    const folder = sourceFolder(demo, { a: '' });
    breakIt(folder);
    await expect(pack(folder)).rejects.toMatchObject({
      code: 'source-invalid',
      exit: 2,
      message: expect.stringContaining(message),
    });
    expect(readdirSync(dirname(folder))).toEqual(['source']);
  });

  test('a file that changes while it is packed', async () => {
    const folder = sourceFolder(demo, { a: 'aaa' });
    const target = join(folder, 'x.tgz');
    const entry = { path: 'a', type: 'file', mode: '0644', size: 3, sha256: '0'.repeat(64) } as const;
    const before = hashSource(join(folder, 'a'));
    writeFileSync(join(folder, 'a'), 'bbb');
    const source = { file: join(folder, 'a'), stamp: before.stamp };
    const written = writeArchive(target, { bundleJson: Buffer.from('{}'), entries: [{ entry, source }], mtime: 0 });
    await expect(written).rejects.toMatchObject({
      code: 'source-invalid',
      message: expect.stringContaining('/a: it was changed'),
    });
  });

  test('a large file that became shorter while it was packed', async () => {
    const folder = sourceFolder(demo, { a: 'a'.repeat(1_000_000) });
    const [target, file] = [join(folder, 'x.tgz'), join(folder, 'a')];
    const { size, sha256, stamp } = hashSource(file);
    truncateSync(file, 500_000);
    const entry = { path: 'a', type: 'file', mode: '0644', size, sha256 } as const;
    const content = { bundleJson: Buffer.from('{}'), entries: [{ entry, source: { file, stamp } }], mtime: 0 };
    await expect(writeArchive(target, content)).rejects.toMatchObject({ code: 'source-invalid' });
  });

  test('an archive for which there is no room', () => {
    const folder = sourceFolder(demo, { a: randomBytes(3_000_000).toString('base64'), b: 'b' });
    const room = new URL('../../src/bundle/index.ts', import.meta.url).href;
    const options = JSON.stringify({ folder, outDir: join(folder, 'out'), hookLibrary: HOOKS });
    const build = `await (await import('${room}')).packBundle(${options}).catch((e) => console.log(e.code, e.message))`;
    const limited = 'ulimit -f 1000; exec "$@"';
    const said = execFileSync('sh', ['-c', limited, 'sh', process.execPath, '--input-type=module', '-e', build], {
      encoding: 'utf8',
    });
    expect(said).toMatch(/^system-failed cannot build .*EFBIG/);
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
  });

  test('a folder without bundle.json', async () => {
    await expect(pack(temporaryFolder())).rejects.toMatchObject({ code: 'no-such-file', exit: 2 });
  });

  test('a file in place of a folder', async () => {
    const folder = sourceFolder(demo, { a: '' });
    const file = join(folder, 'a');
    const fromFile = { code: 'no-such-file', message: `cannot build ${file}: it is not a folder` };
    await expect(pack(file, { outDir: folder })).rejects.toMatchObject(fromFile);
    for (const outDir of [file, join(file, 'below')]) {
      const intoFile = { code: 'usage', message: `cannot build into ${outDir}: it is not a folder` };
      await expect(pack(folder, { outDir })).rejects.toMatchObject(intoFile);
    }
  });

  test('an output folder where there can be none', async () => {
    const nowhere = pack(sourceFolder(demo), { outDir: '/proc/archives/new' });
    await expect(nowhere).rejects.toMatchObject({ code: 'system-failed', message: expect.stringContaining('ENOENT') });
  });

  test('a ready-made hook when there is no library', async () => {
    const folder = sourceFolder({ ...demo, hooks: { preinstall: 'pkg:create-user' } });
    const packed = packBundle({ folder, outDir: folder, hookLibrary: join(folder, 'none') });
    await expect(packed).rejects.toMatchObject({
      code: 'system-failed',
      message: expect.stringContaining('cannot build'),
    });
  });

  test('a file that cannot be written', async () => {
    const folder = sourceFolder(demo, { a: '' });
    mkdirSync(join(dirname(folder), 'out/demo-1.0.0.tgz'), { recursive: true });
    await expect(pack(folder)).rejects.toMatchObject({ code: 'system-failed' });
    expect(readdirSync(join(dirname(folder), 'out'))).toEqual(['demo-1.0.0.tgz']);
  });
});

test('a folder of a packed bundle can be packed again once its table is taken out', async () => {
  const folder = sourceFolder({ ...demo, hooks: { preinstall: 'pkg:create-user' } }, { a: 'a' });
  const first = await pack(folder);
  const again = join(temporaryFolder(), 'again');
  mkdirSync(again);
  execFileSync('tar', ['xzf', first.file, '-C', again]);
  cpSync(join(folder, 'bundle.json'), join(again, 'bundle.json'));
  chmodSync(join(again, 'a'), 0o600);
  expect((await pack(again)).digest).toBe(first.digest);
});

type Entry = { readonly name: string; readonly body: string; readonly header: { readonly mode?: number } };

/** The entries as an independent reader sees them. */
async function entriesOf(file: string): Promise<readonly Entry[]> {
  const reader = extract();
  reader.end(gunzipSync(readFileSync(file)));
  const entries: Entry[] = [];
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    entries.push({ name: entry.header.name, body: Buffer.concat(chunks).toString('utf8'), header: entry.header });
  }
  return entries;
}
