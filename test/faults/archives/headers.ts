import { type ArchiveCase, bent, changePart, putBefore, shown, type Verdict } from './archive-case.ts';

const FLAGS: Readonly<Record<string, Verdict>> = {
  '1': 'hard-link',
  '2': 'size-mismatch',
  '3': 'device',
  '4': 'device',
  '5': 'size-mismatch',
  '6': 'fifo',
  S: 'sparse',
  x: 'bad-pax',
};

/** Old, GNU, Solaris, star and made-up types beside those of POSIX. */
const ALL_FLAGS = [...'123456789ABCDEFGIJKLMNOPQRSTUVWXYZaghxz', '\0', ' ', '\n', '\u007f'];

const MODES: readonly (readonly [mode: string, verdict: Verdict])[] = [
  ['0004644', 'special-mode'],
  ['0002644', 'special-mode'],
  ['0001644', 'special-mode'],
  ['0007777', 'special-mode'],
  ['0006755', 'special-mode'],
  ['0000000', 'mode-mismatch'],
  ['0000400', 'mode-mismatch'],
  ['0000600', 'mode-mismatch'],
  ['0000777', 'mode-mismatch'],
  ['0000755', 'mode-mismatch'],
  ['0100644', 'mode-mismatch'],
  ['0120777', 'mode-mismatch'],
  ['-000644', 'bad-header'],
  ['0x1a4\0\0', 'bad-header'],
  ['0000648', 'bad-header'],
  ['       ', 'bad-header'],
  ['06 44\0\0', 'bad-header'],
  ['   644 ', 'accepted'],
];

const SIZES: readonly (readonly [size: string | Buffer, verdict: Verdict])[] = [
  ['00000000002', 'size-mismatch'],
  ['00000000004', 'size-mismatch'],
  ['00000000000', 'size-mismatch'],
  ['77777777777', 'size-mismatch'],
  ['777777777777', 'size-mismatch'],
  ['-0000000003', 'bad-header'],
  ['0000000003.', 'bad-header'],
  ['0x000000003', 'bad-header'],
  ['1e1\0\0\0\0\0\0\0\0', 'bad-header'],
  ['00000000008', 'bad-header'],
  ['           ', 'bad-header'],
  ['3 3        ', 'bad-header'],
  [Buffer.alloc(12, 0xff), 'bad-header'],
  [Buffer.from('ff00000000000000000000fd', 'hex'), 'bad-header'],
  [Buffer.from('800000000000000000000003', 'hex'), 'bad-header'],
  [Buffer.from('80000000ffffffffffffffff', 'hex'), 'bad-header'],
  [Buffer.from('800000000000000900000000', 'hex'), 'size-mismatch'],
  ['          3 ', 'accepted'],
];

const MAGICS: readonly (readonly [magic: string, verdict: Verdict])[] = [
  ['\0\0\0\0\0\0\0\0', 'bad-header'],
  ['ustar  \0', 'bad-header'],
  ['ustar\0  ', 'bad-header'],
  ['ustar\u000001', 'bad-header'],
  ['USTAR\u000000', 'bad-header'],
  ['ustar   ', 'bad-header'],
  ['tar\0\u0000000', 'bad-header'],
];

const PREFIXES: readonly (readonly [prefix: string, verdict: Verdict])[] = [
  ['/', 'absolute-path'],
  ['/etc', 'absolute-path'],
  ['..', 'dot-dot'],
  ['../..', 'dot-dot'],
  ['lib/..', 'dot-dot'],
  ['.', 'path-form'],
  ['lib/', 'path-form'],
  ['lib', 'added-entry'],
  ['lib\0/..', 'nul-in-path'],
  [' ', 'added-entry'],
];

const GNU = { name: '././@LongLink', body: `lib/${'n'.repeat(200)}\0` } as const;

/** Headers that mean one thing to one reader and another to the next. */
export const HEADERS: readonly ArchiveCase[] = [
  ...ALL_FLAGS.map((flag) =>
    bent(`a file has the type ${shown(flag)}`, FLAGS[flag] ?? 'entry-type', changePart('lib/a', { flag })),
  ),
  ...MODES.map(([mode, verdict]) => bent(`a file has the mode ${shown(mode)}`, verdict, changePart('lib/a', { mode }))),
  ...SIZES.map(([size, verdict]) => bent(`a file has the size ${inHex(size)}`, verdict, changePart('lib/a', { size }))),
  ...MAGICS.map(([magic, verdict]) =>
    bent(`a header calls itself ${shown(magic)}`, verdict, changePart('lib/a', { magic })),
  ),
  ...PREFIXES.map(([prefix, verdict]) =>
    bent(`a header has the prefix ${shown(prefix)}`, verdict, changePart('lib/a', { prefix })),
  ),
  ...[1, -1, 256, 8].map((checksumOff) =>
    bent(`a checksum is off by ${checksumOff}`, 'bad-header', changePart('lib/a', { checksumOff })),
  ),
  ...['/etc/passwd', '../x', 'lib/c'].map((target) =>
    bent(`a hard link leads to ${target}`, 'hard-link', changePart('lib/c', { flag: '1', target })),
  ),
  ...['K', 'L'].map((flag) => bent(`a GNU header of type ${flag}`, 'entry-type', putBefore('lib/a', { ...GNU, flag }))),
];

function inHex(size: string | Buffer): string {
  return typeof size === 'string' ? shown(size) : size.toString('hex');
}
