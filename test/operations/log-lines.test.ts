import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { followLines, lastLinesOf } from '../../src/operations/service/log-lines.ts';

let log: string;

beforeEach(() => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-log-'));
  log = path.join(folder, 'web.log');
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
});

describe('a log', () => {
  test('of which only the end is looked at has its last whole lines', () => {
    fs.writeFileSync(log, `${'a'.repeat(300_000)}\none\ntwo\n`);
    expect(lastLinesOf(log, 2).lines).toEqual(['one', 'two']);
    expect(lastLinesOf(log, 500, 1000).lines).toEqual(['one', 'two']);
    expect(lastLinesOf(log, 500).lines).toHaveLength(3);
  });

  test('that is followed gives a line without an end in pieces, so that it takes no more memory than any other', async () => {
    fs.writeFileSync(log, `${'a'.repeat(300_000)}\nlast\n`);
    const abort = new AbortController();
    const lengths: number[] = [];
    for await (const line of followLines(log, 0, abort.signal)) {
      lengths.push(line.length);
      if (line === 'last') abort.abort();
    }
    expect(lengths.reduce((sum, length) => sum + length)).toBe(300_004);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(128 << 10);
  });

  test('that is written faster than it is read can still be left', async () => {
    fs.writeFileSync(log, 'one of very many lines\n'.repeat(400_000));
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 1);
    let count = 0;
    for await (const _ of followLines(log, 0, abort.signal)) count += 1;
    expect(count).toBeLessThan(400_000);
  });
});
