import { pax } from '../../bundle/raw-archive.ts';
import { type ArchiveCase, bent, putBefore, shown, type Verdict } from './archive-case.ts';

type Records = readonly (readonly [string, string | Buffer])[];

const RECORDS: readonly (readonly [records: Records, verdict: Verdict])[] = [
  [[['path', '/etc/passwd']], 'absolute-path'],
  [[['path', '../../x']], 'dot-dot'],
  [[['path', 'lib/./a']], 'path-form'],
  [[['path', 'lib/a/']], 'path-form'],
  [[['path', 'lib/a\0']], 'nul-in-path'],
  [[['path', 'lib/b']], 'missing-entry'],
  [[['path', 'lib/c']], 'missing-entry'],
  [[['path', 'bundle.json']], 'duplicate-path'],
  [[['path', 'bin/run']], 'duplicate-path'],
  [[['path', `lib/${'n'.repeat(300)}`]], 'path-too-long'],
  [[['path', Buffer.from([0xc3, 0x28])]], 'not-utf-8'],
  [[['path', Buffer.from([0xed, 0xa0, 0x80])]], 'not-utf-8'],
  [[['path', Buffer.from([0xc0, 0xae, 0xc0, 0xae])]], 'not-utf-8'],
  [[['linkpath', '/etc/passwd']], 'bad-header'],
  [[['linkpath', '']], 'bad-pax'],
  [[['linkpath', 'a\0b']], 'nul-in-path'],
  [[['size', '0']], 'pax-size'],
  [[['size', '03']], 'pax-size'],
  [[['size', '3.0']], 'pax-size'],
  [[['size', '99999999999999999999']], 'pax-size'],
  [[['size', '']], 'pax-size'],
  [[['size', '0x3']], 'pax-size'],
  [[['size', '8589934592']], 'pax-size'],
  [[['GNU.sparse.map', '0,3']], 'sparse'],
  [[['GNU.sparse.realsize', '1099511627776']], 'sparse'],
  [[['GNU.sparse.name', '/etc/passwd']], 'sparse'],
  [[['SCHILY.xattr.security.capability', 'x']], 'pax-key'],
  [[['SCHILY.acl.access', 'u::rwx']], 'pax-key'],
  [[['SCHILY.dev', '1']], 'pax-key'],
  [[['LIBARCHIVE.xattr.user.x', 'y']], 'pax-key'],
  [[['RHT.security.selinux', 'x']], 'pax-key'],
  [[['SUN.holesdata', ' 0 3']], 'pax-key'],
  [[['hdrcharset', 'BINARY']], 'pax-key'],
  [[['charset', 'BINARY']], 'pax-key'],
  [[['comment', 'x']], 'pax-key'],
  [[['Path', 'lib/a']], 'pax-key'],
  [[['path ', 'lib/a']], 'pax-key'],
  [[['', 'x']], 'pax-key'],
  [[['__proto__', 'x']], 'pax-key'],
  [
    [
      ['mtime', '1'],
      ['mtime', '2'],
    ],
    'bad-pax',
  ],
  [
    [
      ['size', '3'],
      ['size', '4'],
    ],
    'bad-pax',
  ],
  [[['mtime', 'never']], 'accepted'],
  [
    [
      ['uid', '0'],
      ['gid', '0'],
      ['uname', 'root'],
      ['gname', 'root'],
    ],
    'accepted',
  ],
  [[['path', 'lib/a']], 'accepted'],
  [[], 'accepted'],
];

const BODIES: readonly (readonly [title: string, body: string])[] = [
  ['has no length', 'path=lib/a\n'],
  ['has the length 0', '0 path=lib/a\n'],
  ['has a negative length', '-14 path=lib/a\n'],
  ['is one byte short', '13 path=lib/a\n'],
  ['is one byte long', '16 path=lib/a\n'],
  ['has a length with a zero before it', '015 path=lib/a\n'],
  ['has a length beyond all numbers', '99999999999999999999 path=lib/a\n'],
  ['has no line end', '14 path=lib/a.'],
  ['has no equals sign', '7 path\n'],
  ['is followed by rubbish', '15 path=lib/a\n..'],
  ['is all zero', '\0\0\0\0\0\0\0\0'],
];

/** Pax headers that lie, contradict themselves, or speak of what bundles do not have. */
export const PAX_HEADERS: readonly ArchiveCase[] = [
  ...RECORDS.map(([records, verdict]) =>
    bent(`a pax header says ${titleOf(records)}`, verdict, putBefore('lib/a', pax(records))),
  ),
  ...BODIES.map(([title, body]) =>
    bent(`a pax record ${title}`, 'bad-pax', putBefore('lib/a', { name: 'pax', flag: 'x', body })),
  ),
  bent('a pax header stands before nothing', 'bad-header', ({ parts }) => parts.push(pax([['mtime', '1']]))),
];

function titleOf(records: Records): string {
  if (records.length === 0) return 'nothing';
  return records.map(([key, value]) => `${shown(key)} is ${shown(value.toString('latin1'))}`).join(' and ');
}
