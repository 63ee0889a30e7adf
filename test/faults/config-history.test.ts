import { expect, test } from 'vitest';
import { leave, makePlace } from '../crash/place.ts';
import { beginHistory, goOn, upAndBack } from './config-history.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

test('fifteen random edits and changes, some killed: no edit is lost (seed in the message)', async () => {
  const place = makePlace('config');
  try {
    const history = await beginHistory(place, SEED);
    for (let step = 1; step <= 15; step++) expect(await goOn(history), `seed ${SEED}, step ${step}`).toEqual([]);
    expect(await upAndBack(history), `seed ${SEED}`).toEqual([]);
  } finally {
    leave(place);
  }
});
