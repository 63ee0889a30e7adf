import { directory, file, link, pax } from '../../bundle/raw-archive.ts';
import { type ArchiveCase, addFile, addParts, bent, changePart, putBefore } from './archive-case.ts';

/** Two entries that are one to some file system or reader, and entries that are not what their row says. */
export const PAIRS: readonly ArchiveCase[] = [
  bent(
    'two names are one after composition',
    'same-name-in-unicode',
    addParts(file('ze\u0301', 'x'), file('z\u00e9', 'y')),
  ),
  bent(
    'two names of Hangul are one after composition',
    'same-name-in-unicode',
    addParts(file('\u1100\u1161', 'x'), file('\uac00', 'y')),
  ),
  bent(
    'a sign and the letter it stands for',
    'same-name-in-unicode',
    addParts(file('z\u00c5', 'x'), file('z\u212b', 'y')),
  ),
  bent(
    'two folders are one after composition',
    'same-name-in-unicode',
    addParts(directory('ze\u0301'), directory('z\u00e9')),
  ),
  bent(
    'a file and a link are one after composition',
    'same-name-in-unicode',
    addParts(link('ze\u0301', 'lib'), file('z\u00e9', 'y')),
  ),
  // The file systems that pkg runs on tell these apart.
  bent('two names differ in their case alone', 'accepted', addParts(file('z', 'x'), file('zA', 'y'), file('za', 'z'))),
  bent('two names differ in a sharp s', 'accepted', addParts(file('zss', 'x'), file('z\u00df', 'y'))),
  bent('a ligature beside its letters', 'accepted', addParts(file('zfi', 'x'), file('z\ufb01', 'y'))),
  bent(
    'a name of a link and one below it in another case',
    'parent-missing',
    addParts(link('zA', 'lib'), file('za/x', 'y')),
  ),
  bent('a file below a link', 'below-a-link', addParts(link('z', 'lib'), file('z/x', 'y'))),
  bent('a file below a file', 'below-a-link', addParts(file('z', 'x'), file('z/x', 'y'))),
  bent(
    'a link through a link that leaves',
    'link-leaves',
    addParts(directory('z'), link('z/up', '..'), link('z/zz', 'up/../etc')),
  ),
  bent('two links in a circle', 'link-leaves', addParts(link('z', 'zz'), link('zz', 'z'))),
  bent('a file is a folder in the archive', 'type-mismatch', changePart('lib/c', { name: 'lib/c/', flag: '5' })),
  bent('a folder is a file in the archive', 'type-mismatch', changePart('bin/', { name: 'bin', flag: '0' })),
  bent(
    'a file is a link in the archive',
    'type-mismatch',
    changePart('lib/c', { flag: '2', target: 'a', mode: '0000777' }),
  ),
  bent('a link is a file in the archive', 'type-mismatch', changePart('lib/b', { flag: '0', target: '' })),
  bent('a link leads elsewhere than its row', 'target-mismatch', changePart('lib/b', { target: 'c' })),
  bent(
    'a pax header leads a link elsewhere',
    'target-mismatch',
    putBefore('lib/b', pax([['linkpath', '/etc/passwd']])),
  ),
  bent('a pax header renames what leaves', 'pax-path', (bundle) => {
    putBefore('lib/a', pax([['path', 'lib/a']]))(bundle);
    changePart('lib/a', { name: '../evil' })(bundle);
  }),
  bent('bytes stand between two entries', 'bad-padding', changePart('lib/a', { padWith: 1 })),
  bent('a script hides between two entries', 'bad-padding', changePart('lib/a', { padWith: 0x23 })),
  bent('a name in UTF-8 that is not the shortest', 'accepted', addFile('z\u00e9')),
];
