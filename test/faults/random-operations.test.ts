import { expect, test } from 'vitest';
import { leave, makePlace } from '../crash/place.ts';
import { beginLongRun, goOn } from './long-run.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

test('twelve random operations, some killed: the model and the disk agree after each (seed in the message)', async () => {
  const place = makePlace('operations');
  try {
    const run = await beginLongRun(place, SEED);
    for (let step = 1; step <= 12; step++) expect(await goOn(run), `seed ${SEED}, step ${step}`).toEqual([]);
  } finally {
    leave(place);
  }
});
