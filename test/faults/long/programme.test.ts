import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../../support/needs.ts';
import { buildName, record } from '../programme/last-run.ts';
import { PARTS } from '../programme/parts.ts';
import { runPart } from '../programme/run-part.ts';

// Hours in all. Each run goes on where the last one of the same build stopped: `-t kill-` chooses parts, MINUTES=10 is
// for each of them, STATE is where the points lie that were tried, RECORD=1 writes the numbers that the docs show.
const minutes = Number(process.env['MINUTES'] ?? 55);
const workers = Number(process.env['WORKERS'] ?? 2);
const state = process.env['STATE'] ?? path.join(os.tmpdir(), 'pkg-faults');

describe.each(PARTS)('$name', (part) => {
  needs(...(part.needs ?? []));

  test('whatever fails, all is old or all is new', async () => {
    const order = { folder: path.join(state, buildName()), workers, deadline: Date.now() + minutes * 60_000 };
    const tally = await runPart(part, order);
    if (process.env['RECORD'] === '1') record(part.name, tally);
    expect(tally.wrong).toEqual([]);
  });
});
