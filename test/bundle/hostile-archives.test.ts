import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DEFAULT_LIMITS, peekArchive, stageArchive, verifyArchive } from '../../src/bundle/index.ts';
import { PkgError } from '../../src/error.ts';
import { divide, putTogether } from './divided-archive.ts';
import {
  archiveOf,
  bundleJson,
  directory,
  file,
  goodBundle,
  link,
  type Part,
  pax,
  type Row,
  tarOf,
} from './raw-archive.ts';
import { temporaryFolder } from './temporary.ts';

type Bundle = { files: Row[]; parts: Part[]; manifest: Row };
type Case = readonly [title: string, rule: string, entry: string | null, bend: (bundle: Bundle) => void];

const add = (bundle: Bundle, ...entries: readonly { row: Row; part: Part }[]): void => {
  for (const { row, part } of entries) {
    bundle.files.push(row);
    bundle.parts.push(part);
  }
};
const inTable = (path: string, change: Row) => (bundle: Bundle) => {
  bundle.files = bundle.files.map((row) => (row['path'] === path ? { ...row, ...change } : row));
};
/** The twelve bytes of a size: a set first bit, then the number. */
const binarySize = (hex: string): Buffer => Buffer.from(`80${hex.padStart(22, '0')}`, 'hex');
const inArchive = (path: string, change: Partial<Part>) => (bundle: Bundle) => {
  bundle.parts = bundle.parts.map((part) => (part.name === path ? { ...part, ...change } : part));
};
const before =
  (path: string, ...parts: readonly Part[]) =>
  (bundle: Bundle) => {
    bundle.parts = bundle.parts.flatMap((part) => (part.name === path ? [...parts, part] : [part]));
  };
const append =
  (...parts: readonly Part[]) =>
  (bundle: Bundle) => {
    bundle.parts.push(...parts);
  };
/** An entry that stands in table and archive under a name that is not allowed. */
const named = (path: string) => (bundle: Bundle) => add(bundle, file(path, 'x'));

const deep = `${'d/'.repeat(101)}f`;

const CASES: readonly Case[] = [
  // the table and the archive are the same list
  [
    'an entry is missing',
    'missing-entry',
    'lib/a',
    (b) => void (b.parts = b.parts.filter((part) => part.name !== 'lib/a')),
  ],
  ['the last entry is missing', 'missing-entry', 'lib/c', (b) => void b.parts.pop()],
  ['an entry was added', 'added-entry', 'lib/evil', append({ name: 'lib/evil', body: 'x' })],
  ['an entry was added in the middle', 'added-entry', 'lib/aa', before('lib/b', { name: 'lib/aa', body: 'x' })],
  ['an entry stands twice', 'duplicate-path', 'lib/a', before('lib/b', { name: 'lib/a', body: 'aaa' })],
  ['the last entry stands twice', 'duplicate-path', 'lib/c', append({ name: 'lib/c' })],
  ['bundle.json stands twice', 'duplicate-path', 'bundle.json', append({ name: 'bundle.json', body: '{}' })],
  ['a row stands twice', 'duplicate-path', 'lib/c', (b) => add(b, file('lib/c', ''))],
  ['the table is not sorted', 'entry-order', 'lib/a0', (b) => add(b, file('lib/a0', ''))],
  ['bundle.json is a row', 'reserved-path', 'bundle.json', (b) => b.files.unshift(file('bundle.json', '').row)],
  // what is said of an entry and what it is
  ['content differs from its sha256', 'sha256-mismatch', 'lib/a', inArchive('lib/a', { body: 'aab' })],
  ['the size differs', 'size-mismatch', 'lib/a', inArchive('lib/a', { body: 'aaaa' })],
  ['the table says another size', 'size-mismatch', 'lib/a', inTable('lib/a', { size: 4 })],
  ['the mode differs', 'mode-mismatch', 'lib/a', inArchive('lib/a', { mode: '0000755' })],
  ['a file is writable for all', 'mode-mismatch', 'lib/a', inArchive('lib/a', { mode: '0000666' })],
  ['a file became a directory', 'type-mismatch', 'lib/c', inArchive('lib/c', { name: 'lib/c/', flag: '5' })],
  ['a link leads elsewhere', 'target-mismatch', 'lib/b', inArchive('lib/b', { target: 'c' })],
  ['a directory holds bytes', 'size-mismatch', 'lib', inArchive('lib/', { body: 'x' })],
  ['a file has a link target', 'bad-header', 'lib/a', inArchive('lib/a', { target: '/etc/passwd' })],
  // paths
  ['a path is absolute', 'absolute-path', '/etc/x', named('/etc/x')],
  ['a path leaves with ..', 'dot-dot', '../x', named('../x')],
  ['a path has .. inside', 'dot-dot', 'lib/../x', named('lib/../x')],
  ['a path begins with ./', 'path-form', './x', named('./x')],
  ['a path has an empty part', 'path-form', 'lib//x', named('lib//x')],
  ['a row holds a NUL', 'nul-in-path', 'lib/x\0y', named('lib/x\0y')],
  ['a header hides a name behind a NUL', 'nul-in-path', 'lib/a\0evil', inArchive('lib/a', { name: 'lib/a\0evil' })],
  ['a name is not UTF-8', 'not-utf-8', null, append({ name: Buffer.from([0x6c, 0xff, 0xfe]), body: 'x' })],
  ['a pax name is not UTF-8', 'not-utf-8', null, append(pax([['path', Buffer.from([0xff])]]), { name: 'x' })],
  [
    'two names are equal after normalisation',
    'same-name-in-unicode',
    'z\u00e9',
    (b) => add(b, file('ze\u0301', 'x'), file('z\u00e9', 'x')),
  ],
  [
    'an added name equals one after normalisation',
    'same-name-in-unicode',
    'ze\u0301',
    (b) => {
      add(b, file('z\u00e9', 'x'));
      b.parts = b.parts.slice(0, -1);
      append({ name: Buffer.from('ze\u0301'), body: 'x' })(b);
    },
  ],
  ['a name is too long', 'path-too-long', 'n'.repeat(256), named('n'.repeat(256))],
  ['a path is too deep', 'path-too-long', deep, named(deep)],
  ['a folder has no entry', 'parent-missing', 'other/x', named('other/x')],
  // types
  ['a hard link', 'hard-link', 'lib/c', inArchive('lib/c', { flag: '1', target: 'lib/a' })],
  ['a hard link out of the bundle', 'hard-link', 'lib/x', append({ name: 'lib/x', flag: '1', target: '/etc/passwd' })],
  ['a character device', 'device', 'lib/c', inArchive('lib/c', { flag: '3' })],
  ['a block device', 'device', 'lib/c', inArchive('lib/c', { flag: '4' })],
  ['a fifo', 'fifo', 'lib/c', inArchive('lib/c', { flag: '6' })],
  ['a contiguous file', 'entry-type', 'lib/a', inArchive('lib/a', { flag: '7' })],
  ['an old file without a type', 'entry-type', 'lib/a', inArchive('lib/a', { flag: '\0' })],
  ['an unknown type', 'entry-type', 'lib/a', inArchive('lib/a', { flag: 'Z' })],
  ['a GNU long name', 'entry-type', 'long', before('lib/a', { name: 'long', flag: 'L', body: 'lib/evil\0' })],
  [
    'a global pax header',
    'entry-type',
    'global',
    before('lib/a', { name: 'global', flag: 'g', body: '14 path=lib/x\n' }),
  ],
  ['a GNU sparse file', 'sparse', 'lib/a', inArchive('lib/a', { flag: 'S' })],
  [
    'a pax sparse file',
    'sparse',
    'lib/a',
    before(
      'lib/a',
      pax([
        ['path', 'lib/a'],
        ['GNU.sparse.major', '1'],
      ]),
    ),
  ],
  ['setuid', 'special-mode', 'bin/run', inArchive('bin/run', { mode: '0004755' })],
  ['setgid', 'special-mode', 'bin/run', inArchive('bin/run', { mode: '0002755' })],
  ['sticky', 'special-mode', 'bin/', inArchive('bin/', { mode: '0001755' })],
  // links
  ['a link to an absolute path', 'link-leaves', 'x', (b) => add(b, link('x', '/etc/passwd'))],
  ['a link out of the bundle', 'link-leaves', 'x', (b) => add(b, link('x', '../x'))],
  ['a link out by way of a folder', 'link-leaves', 'x', (b) => add(b, link('x', 'lib/../../x'))],
  [
    'a link out by way of another link',
    'link-leaves',
    'y/z',
    (b) => add(b, directory('y'), link('y/x', '..'), link('y/z', 'x/../etc')),
  ],
  ['a link to nothing', 'link-leaves', 'x', (b) => add(b, link('x', ''))],
  ['links in a circle', 'link-leaves', 'x', (b) => add(b, link('x', 'y'), link('y', 'x'))],
  ['a file below a link', 'below-a-link', 'lib/z/f', (b) => add(b, link('lib/z', '.'), file('lib/z/f', 'x'))],
  ['a file below a file', 'below-a-link', 'lib/c/f', (b) => add(b, file('lib/c/f', 'x'))],
  // pax tricks
  ['a pax path that is not in the table', 'added-entry', 'lib/evil', before('lib/a', pax([['path', 'lib/evil']]))],
  ['a pax path that leaves', 'dot-dot', '../evil', before('lib/a', pax([['path', '../evil']]))],
  [
    'a good pax path over a name that leaves',
    'pax-path',
    'lib/a',
    (b) => {
      before('lib/a', pax([['path', 'lib/a']]))(b);
      inArchive('lib/a', { name: '../evil' })(b);
    },
  ],
  ['a pax size that differs', 'pax-size', 'lib/a', before('lib/a', pax([['size', '1']]))],
  ['a pax size that agrees but is not needed', 'pax-size', 'lib/a', before('lib/a', pax([['size', '3']]))],
  ['a negative pax size', 'pax-size', null, before('lib/a', pax([['size', '-1']]))],
  ['a pax link target that differs', 'target-mismatch', 'lib/b', before('lib/b', pax([['linkpath', '/etc/passwd']]))],
  [
    'a pax key twice',
    'bad-pax',
    null,
    before(
      'lib/a',
      pax([
        ['path', 'lib/a'],
        ['path', 'lib/evil'],
      ]),
    ),
  ],
  [
    'a pax record with a wrong length',
    'bad-pax',
    null,
    before('lib/a', { name: 'pax', flag: 'x', body: '99 path=lib/a\n' }),
  ],
  ['a pax record without a key', 'bad-pax', null, before('lib/a', { name: 'pax', flag: 'x', body: '6 abc\n' })],
  ['an empty pax path', 'bad-pax', null, before('lib/a', pax([['path', '']]))],
  ['a pax key of another tool', 'pax-key', null, before('lib/a', pax([['SCHILY.xattr.user.x', 'y']]))],
  ['a huge pax header', 'bad-pax', null, before('lib/a', pax([['mtime', '1'.repeat(70_000)]]))],
  ['two pax headers', 'entry-type', 'pax', before('lib/a', pax([['mtime', '1']]), pax([['mtime', '2']]))],
  // headers
  ['a wrong checksum', 'bad-header', null, inArchive('lib/a', { checksumOff: 1 })],
  ['a GNU header', 'bad-header', 'lib/a', inArchive('lib/a', { magic: 'ustar  \0' })],
  ['a size in binary', 'bad-header', 'lib/a', inArchive('lib/a', { size: '\u0000'.padStart(12, '\u0001') })],
  ['a small size in binary', 'bad-header', 'lib/a', inArchive('lib/a', { size: binarySize('3') })],
  ['a size in more than 64 bits', 'bad-header', 'lib/a', inArchive('lib/a', { size: binarySize('10000000200000000') })],
  ['an endless size in binary', 'bad-header', 'lib/a', inArchive('lib/a', { size: binarySize('1000000000000003') })],
  ['a large size in binary', 'size-mismatch', 'lib/a', inArchive('lib/a', { size: binarySize('200000000') })],
  ['a size that is no number', 'bad-header', 'lib/a', inArchive('lib/a', { size: '0000000003x' })],
  ['a prefix that leaves', 'dot-dot', '../lib/a', inArchive('lib/a', { prefix: '..' })],
  ['bytes between entries', 'bad-padding', 'lib/a', inArchive('lib/a', { padWith: 1 })],
  // the manifest
  ['an unknown key', 'manifest-content', 'bundle.json', (b) => void (b.manifest = { ...b.manifest, nonsense: 1 })],
  ['no version', 'manifest-content', 'bundle.json', (b) => void (b.manifest = { name: 'demo' })],
  [
    'a name that leaves the store',
    'manifest-content',
    'bundle.json',
    (b) => void (b.manifest = { name: '../x', version: '1.0.0' }),
  ],
  ['a row with an unknown key', 'file-table', 'bundle.json', inTable('lib/a', { owner: 'root' })],
  ['a row with a negative size', 'file-table', 'bundle.json', inTable('lib/a', { size: -1 })],
  ['a row with a mode of its own', 'file-table', 'bundle.json', inTable('lib/a', { mode: '4755' })],
  ['a row with an sha256 that is none', 'file-table', 'bundle.json', inTable('lib/a', { sha256: 'abc' })],
];

const CODES: Readonly<Record<string, string>> = { 'sha256-mismatch': 'digest-mismatch' };

describe('an archive is refused, with its rule, and leaves nothing, when', () => {
  const forms = [
    ['', archiveOf],
    ['divided: ', dividedOf],
  ] as const;
  test.each(forms.flatMap(([form, make]) => CASES.map(([title, ...rest]) => [form + title, ...rest, make] as const)))(
    '%s (%s)',
    async (_, rule, entry, bend, make) => {
      const refusal = await refusalOf(make(bend));
      expect(refusal.details).toMatchObject({ rule, ...(entry === null ? {} : { entry: entry.replace(/\/$/, '') }) });
      expect(refusal.code).toBe(CODES[rule] ?? 'archive-invalid');
      expect(refusal.exit).toBe(6);
      expect(refusal.message).toContain('hostile.tgz');
      expect(refusal.message).toContain(`(${rule})`);
      if (entry !== null) expect(refusal.message).toContain(JSON.stringify(entry.replace(/\/$/, '')).slice(1, -1));
    },
  );

  const good = gunzipSync(archiveOf());
  const goodJson = bundleJson(goodBundle().manifest, goodBundle().files);
  const bytes: readonly (readonly [string, string, string, Buffer])[] = [
    ['it is empty', 'not-an-archive', 'not-gzip', Buffer.alloc(0)],
    ['it is text', 'not-an-archive', 'not-gzip', Buffer.from('hello, this is no archive at all')],
    ['it is a compressed text', 'not-an-archive', 'not-tar', gzipSync('x'.repeat(4096))],
    [
      'it does not begin with bundle.json',
      'not-an-archive',
      'not-a-bundle',
      gzipSync(good.subarray(1024 + Math.ceil(goodJson.length / 512) * 512 - 512)),
    ],
    [
      'GNU tar has packed something else',
      'not-an-archive',
      'not-a-bundle',
      execFileSync('tar', ['--format=gnu', '-cz', '-C', import.meta.dirname, 'hostile-archives.test.ts']),
    ],
    [
      'data follows the gzip end',
      'archive-invalid',
      'gzip-trailing-data',
      Buffer.concat([archiveOf(), Buffer.from('x')]),
    ],
    [
      'zeros follow the gzip end',
      'archive-invalid',
      'gzip-trailing-data',
      Buffer.concat([archiveOf(), Buffer.alloc(512)]),
    ],
    [
      'a second gzip member follows',
      'archive-invalid',
      'gzip-trailing-data',
      Buffer.concat([archiveOf(), gzipSync('x')]),
    ],
    [
      'data follows the tar end',
      'archive-invalid',
      'tar-trailing-data',
      gzipSync(Buffer.concat([good, Buffer.alloc(512, 1)])),
    ],
    ['an entry follows the tar end', 'archive-invalid', 'tar-trailing-data', gzipSync(Buffer.concat([good, good]))],
    [
      'a bomb of zeros follows the tar end',
      'archive-invalid',
      'tar-trailing-data',
      gzipSync(Buffer.concat([good, Buffer.alloc(1024 * 1024)])),
    ],
    ['the end mark is half', 'archive-truncated', 'truncated', gzipSync(good.subarray(0, -512))],
    [
      'a byte between the end marks',
      'archive-invalid',
      'tar-trailing-data',
      gzipSync(Buffer.concat([good.subarray(0, -1), Buffer.of(1)])),
    ],
    ['its checksum is wrong', 'digest-mismatch', 'gzip-checksum', flip(archiveOf(), -5)],
    [
      'its bundle.json is not canonical',
      'archive-invalid',
      'manifest-form',
      gzipSync(tarOf(`${goodJson} `, goodBundle().parts)),
    ],
    [
      'a key of bundle.json stands twice',
      'archive-invalid',
      'manifest-form',
      gzipSync(tarOf(`{"name":"demo",${goodJson.slice(1)}`, goodBundle().parts)),
    ],
    [
      'its bundle.json is not UTF-8',
      'archive-invalid',
      'manifest-form',
      gzipSync(tarOf(Buffer.from([0x7b, 0xff, 0x7d]), [])),
    ],
    ['its bundle.json is no JSON', 'archive-invalid', 'manifest-form', gzipSync(tarOf('{', []))],
    [
      'its bundle.json has no files',
      'archive-invalid',
      'file-table',
      gzipSync(tarOf('{"name":"demo","version":"1.0.0"}', [])),
    ],
  ];
  test.each(bytes)('%s', async (_, code, rule, archive) => {
    const refusal = await refusalOf(archive);
    expect(refusal).toMatchObject({ code, details: { rule } });
    expect(refusal.message).toContain('hostile.tgz');
  });

  test('it is cut off at any block of the tar or anywhere in the gzip', async () => {
    const folder = temporaryFolder();
    for (let end = 0; end < good.length; end += 512) {
      const cut = await refusalOf(gzipSync(good.subarray(0, end)), folder);
      expect([cut.code, end]).toEqual(['archive-truncated', end]);
    }
    const whole = archiveOf();
    for (let end = 1; end < whole.length; end += 7) {
      expect([(await refusalOf(whole.subarray(0, end), folder)).code, end]).toEqual(['archive-truncated', end]);
    }
  });

  test('a bit of its content is flipped in transport', async () => {
    const folder = temporaryFolder();
    const whole = archiveOf();
    let refused = 0;
    for (let at = 10; at < whole.length; at += 1) {
      // some bits carry nothing: the last ones before the checksum, or which of two equal runs of zeros is copied
      if (gunzips(flip(whole, at), good)) continue;
      const refusal = await refusalOf(flip(whole, at), folder);
      expect([refusal.exit, at]).toEqual([6, at]);
      refused += 1;
    }
    expect(refused).toBeGreaterThan(whole.length - 30);
  });
});

describe('limits', () => {
  const limited = [
    ['--max-size', { maxSize: 100 }, 'too-large'],
    ['--max-entries', { maxEntries: 6 }, 'too-many-entries'],
    ['the size of bundle.json', { maxManifest: 100 }, 'manifest-too-large'],
  ] as const;
  test.each(limited)('an archive beyond %s is refused', async (_, change, rule) => {
    const path = join(temporaryFolder(), 'large.tgz');
    writeFileSync(path, archiveOf());
    const refused = verifyArchive(path, { ...DEFAULT_LIMITS, ...change });
    await expect(refused).rejects.toMatchObject({ code: 'archive-too-large', exit: 6, details: { rule } });
    await expect(peekArchive(path, { ...DEFAULT_LIMITS, ...change })).rejects.toMatchObject({ details: { rule } });
    await expect(verifyArchive(path, { maxSize: 100_000, maxEntries: 7, maxManifest: 10_000 })).resolves.toBeDefined();
  });
});

test('the good bundle that all of these were bent from is accepted', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'good.tgz'), archiveOf());
  const opened = await verifyArchive(join(folder, 'good.tgz'));
  expect(opened).toMatchObject({ id: { name: 'demo', version: '1.0.0' }, entries: 7 });
  await stageArchive({ file: join(folder, 'good.tgz'), into: join(folder, 'staged'), keepCopy: null, reuse: null });
  expect(readFileSync(join(folder, 'staged/lib/b'), 'utf8')).toBe('aaa');
  expect(statSync(join(folder, 'staged/bin/run')).mode & 0o7777).toBe(0o555);
});

/** The same bundle in members that say what they hold, as `pkg build` writes it. */
function dividedOf(bend: (bundle: Bundle) => void): Buffer {
  const bundle = goodBundle();
  bend(bundle);
  return putTogether(divide(tarOf(bundleJson(bundle.manifest, bundle.files), bundle.parts), bundle.files.length));
}

/** Stages and verifies the archive, expects both to refuse it the same way, and nothing to be left. */
async function refusalOf(archive: Buffer, folder: string = temporaryFolder()): Promise<PkgError> {
  const path = join(folder, 'hostile.tgz');
  writeFileSync(path, archive);
  const staged = await errorOf(
    stageArchive({ file: path, into: join(folder, 'staged'), keepCopy: join(folder, 'kept.tgz'), reuse: null }),
  );
  expect(readdirSync(folder)).toEqual(['hostile.tgz']);
  const verified = await errorOf(verifyArchive(path));
  expect(verified.message).toBe(staged.message);
  return staged;
}

async function errorOf(work: Promise<unknown>): Promise<PkgError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PkgError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

function flip(bytes: Buffer, at: number): Buffer {
  const flipped = Buffer.from(bytes);
  const index = at < 0 ? flipped.length + at : at;
  flipped[index] = (flipped[index] ?? 0) ^ 0x10;
  return flipped;
}

function gunzips(archive: Buffer, content: Buffer): boolean {
  try {
    return gunzipSync(archive).equals(content);
  } catch {
    return false;
  }
}
