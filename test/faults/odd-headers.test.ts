import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  type Arbitrary,
  array,
  assert,
  asyncProperty,
  constantFrom,
  nat,
  oneof,
  record,
  string,
  tuple,
  uint8Array,
} from 'fast-check';
import { expect, test } from 'vitest';
import { removeTree } from '../../src/system/index.ts';
import { bundleJson, goodBundle, type Part, pax, tarOf } from '../bundle/raw-archive.ts';
import { temporaryFolder } from '../bundle/temporary.ts';
import { verdictOf } from './archives/verdict-of.ts';

// Changed bytes break the checksum of a header and are found by it; these headers are odd with a checksum that is right.
test('whatever stands in headers, in pax records and in the table: what is accepted is what the table says', async () => {
  const folder = temporaryFolder();
  const { files, manifest } = goodBundle();
  const listed = ['bundle.json', ...files.map(({ path }) => String(path))].toSorted();
  let round = 0;
  await assert(
    asyncProperty(anyOddity, async (oddity) => {
      const below = join(folder, String((round += 1)));
      const verdict = await verdictOf(gzipSync(oddTar(manifest, oddity)), folder, below);
      const there = readdirSync(folder).filter((name) => name !== 'hostile.tgz');
      expect(there).toEqual(verdict === 'accepted' ? [String(round)] : []);
      if (verdict === 'accepted') {
        expect(readdirSync(below, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual(listed);
        removeTree(below);
      }
    }),
    { numRuns: Number(process.env['PKG_FUZZ_RUNS'] ?? 100) },
  );
});

type Field = 'name' | 'flag' | 'mode' | 'size' | 'target' | 'magic' | 'prefix' | 'body' | 'tail';

type Oddity = {
  /** Fields of an entry that are others. */
  readonly bends: readonly (readonly [at: number, field: Field, value: Buffer])[];
  /** Records before an entry. */
  readonly records: readonly (readonly [at: number, key: string, value: string])[];
  /** Entries that change their places. */
  readonly swaps: readonly (readonly [number, number])[];
};

const NAMES = [
  'lib/a',
  'lib',
  'lib/',
  '../x',
  '/etc/x',
  'lib/../bin/run',
  './lib/a',
  'LIB/A',
  'bin/run',
  'bundle.json',
  '',
];
const NUMBERS = ['0000644', '00000000003', '0', '-1', '77777777777', '9', '1e3', '\u0080', '\u00ff'];

const anyText = oneof(constantFrom(...NAMES, ...NUMBERS), string({ maxLength: 30 }), string({ unit: 'binary' }));

const anyBytes: Arbitrary<Buffer> = oneof(
  anyText.map((text) => Buffer.from(text, 'utf8')),
  uint8Array({ maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
);

const anyField = constantFrom<Field>('name', 'flag', 'mode', 'size', 'target', 'magic', 'prefix', 'body', 'tail');

const anyKey = oneof(
  constantFrom('path', 'linkpath', 'size', 'mtime', 'GNU.sparse.realsize', 'GNU.sparse.name', 'SCHILY.xattr.user.x'),
  string({ maxLength: 8 }),
);

const anyOddity: Arbitrary<Oddity> = record({
  bends: array(tuple(nat(5), anyField, anyBytes), { maxLength: 2 }),
  records: array(tuple(nat(5), anyKey, anyText), { maxLength: 2 }),
  swaps: array(tuple(nat(5), nat(5)), { maxLength: 1 }),
});

function oddTar(manifest: Parameters<typeof bundleJson>[0], { bends, records, swaps }: Oddity): Buffer {
  const { files, parts } = goodBundle();
  for (const [at, field, value] of bends) parts[at] = bent(parts[at], field, value);
  for (const [a, b] of swaps) [parts[a], parts[b]] = [parts[b] as Part, parts[a] as Part];
  const all = parts.flatMap((part, at) => {
    const before = records.filter(([where]) => where === at).map(([, key, value]) => [key, value] as const);
    return before.length === 0 ? [part] : [pax(before), part];
  });
  return tarOf(bundleJson(manifest, files), all);
}

function bent(part: Part | undefined, field: Field, value: Buffer): Part {
  const odd = field === 'flag' || field === 'mode' || field === 'magic' || field === 'prefix';
  return { name: '', ...part, [field]: odd ? value.toString('latin1') : value };
}
