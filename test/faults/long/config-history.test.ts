import { expect, test } from 'vitest';
import { leave, makePlace } from '../../crash/place.ts';
import { beginHistory, goOn, upAndBack } from '../config-history.ts';

const SEED = Number(process.env['SEED'] ?? 1);

test.each(Array.from({ length: 25 }, (_, n) => SEED + n))(
  'seed %i: thirty edits and changes, some killed, then up and back: no edit is lost',
  async (seed) => {
    const place = makePlace('config');
    try {
      const history = await beginHistory(place, seed);
      for (let step = 1; step <= 30; step++) expect(await goOn(history), `step ${step}`).toEqual([]);
      expect(await upAndBack(history)).toEqual([]);
    } finally {
      leave(place);
    }
  },
);
