import { gzipSync } from 'node:zlib';
import { divide, type Part, putTogether } from '../../bundle/divided-archive.ts';
import { bundleJson, file, goodBundle, tarOf } from '../../bundle/raw-archive.ts';
import { type ArchiveCase, bent, raw } from './archive-case.ts';

const { manifest, files, parts } = goodBundle();
const good = bundleJson(manifest, files);
const MEBIBYTE = 1 << 20;

/** A manifest that is no plain JSON, or more of it than is read. */
export const FORMS: readonly ArchiveCase[] = [
  ...(
    [
      ['is followed by a space', `${good} `],
      ['begins with a byte order mark', `\ufeff${good}`],
      ['has a key twice', `{"name":"demo",${good.slice(1)}`],
      [
        'has its keys in another order',
        `{"version":"1.0.0","name":"demo",${good.slice(1).replace(/"name":"demo",?|,"version":"1.0.0"/g, '')}`,
      ],
      ['is written with escapes', good.replace('demo', '\\u0064emo')],
      ['has a number in another form', good.replace('"size":3', '"size":3.0')],
      ['is no JSON', '{'],
      ['is empty', ''],
      ['is a list', '[]'],
      ['is null', 'null'],
      ['is folded a hundred thousand times', '['.repeat(100_000)],
    ] as const
  ).map(([title, text]) =>
    formed(`bundle.json ${title}`, text === '[]' || text === 'null' ? 'manifest-content' : 'manifest-form', text),
  ),
  formed('bundle.json is not UTF-8', 'manifest-form', Buffer.from([0x7b, 0xff, 0x7d])),
  formed('bundle.json is larger than any manifest', 'manifest-too-large', ' '.repeat(65 * MEBIBYTE)),
  bent('the table has more rows than anybody needs', 'too-many-entries', (bundle) => {
    for (let n = 0; n < 250_001; n++) bundle.files.push(file(`z${String(n).padStart(7, '0')}`, '').row);
  }),
];

/** Members that say of themselves what is not so. */
export const MEMBERS: readonly ArchiveCase[] = [
  member('holds other bytes than it says', 'member-checksum', (part) => ({ ...part, claims: { sum: 1 } })),
  member('says that it is longer', 'member-index', (part) => ({
    ...part,
    claims: { inflated: part.tar.length + 512 },
  })),
  member('says that it is endless', 'member-index', (part) => ({ ...part, claims: { inflated: 0xffff_ffff } })),
  member('says that it holds fewer rows', 'member-index', (part) => ({ ...part, rows: part.rows - 1 })),
  member('says that it holds more rows than there are', 'member-index', (part) => ({ ...part, rows: 0xffff_ffff })),
  member('says that it begins at another row', 'member-index', (part) => ({ ...part, firstRow: 1 })),
];

function formed(title: string, verdict: ArchiveCase['verdict'], text: string | Buffer): ArchiveCase {
  return { title, verdict, make: () => gzipSync(tarOf(text, parts)) };
}

/** Of the three members of the good bundle it is the one with the entries. */
function member(title: string, verdict: ArchiveCase['verdict'], bend: (part: Part) => Part): ArchiveCase {
  return raw(`a member ${title}`, verdict, () =>
    putTogether(divide(tarOf(good, parts), files.length).map((part) => (part.kind === 'entries' ? bend(part) : part))),
  );
}
