import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type Arbitrary, assert, asyncProperty, boolean, double, record, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { archiveOf, bundleJson, goodBundle, tarOf } from '../bundle/raw-archive.ts';
import { temporaryFolder } from '../bundle/temporary.ts';
import { ARCHIVES } from './archives/index.ts';
import { verdictOf } from './archives/verdict-of.ts';

describe('every hostile or odd archive gets its verdict, and the refused ones leave nothing', () => {
  test('there are at least two hundred, each under a name of its own', () => {
    expect(new Set(ARCHIVES.map(({ title }) => title)).size).toBe(ARCHIVES.length);
    expect(ARCHIVES.length).toBeGreaterThanOrEqual(200);
  });

  test.each(ARCHIVES)('$title: $verdict', async ({ verdict, make }) => {
    const folder = temporaryFolder();
    expect(await verdictOf(make(), folder)).toBe(verdict);
    const left = verdict === 'accepted' ? ['hostile.tgz', 'staged'] : ['hostile.tgz'];
    expect(readdirSync(folder).toSorted()).toEqual(left);
  });
});

describe('whatever bytes it is given, a reader ends with a verdict, writes nowhere else and leaves nothing', () => {
  const runs = Number(process.env['PKG_FUZZ_RUNS'] ?? 150);
  const { manifest, files, parts } = goodBundle();
  const tar = tarOf(bundleJson(manifest, files), parts);
  const whole = archiveOf();

  test.each([
    ['of the tar', (change: Change) => gzipSync(changed(tar, change))],
    ['of the compressed data', (change: Change) => changed(whole, change)],
  ])('bytes %s', async (_, make) => {
    const folder = temporaryFolder();
    let round = 0;
    await assert(
      asyncProperty(anyChange, async (change) => {
        const below = join(folder, String((round += 1)));
        const verdict = await verdictOf(make(change), folder, below);
        expect(existsSync(below)).toBe(verdict === 'accepted');
        expect(readdirSync(folder).every((name) => name === 'hostile.tgz' || /^\d+$/.test(name))).toBe(true);
      }),
      { numRuns: runs },
    );
  });
});

type Change = { readonly at: number; readonly bytes: Uint8Array; readonly cut: boolean };

const anyChange: Arbitrary<Change> = record({
  at: double({ min: 0, max: 1, noNaN: true }),
  bytes: uint8Array({ minLength: 1, maxLength: 24 }),
  cut: boolean(),
});

/** Some bytes somewhere are others, or what lies behind them is gone as well. */
function changed(bytes: Buffer, { at, bytes: put, cut }: Change): Buffer {
  const from = Math.floor(at * (bytes.length - 1));
  const after = cut && put.length % 5 === 0 ? Buffer.alloc(0) : bytes.subarray(from + put.length);
  return Buffer.concat([bytes.subarray(0, from), put, after]);
}
