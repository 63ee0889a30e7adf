import { expect, test } from 'vitest';
import { leave, makePlace } from '../../crash/place.ts';
import { prepareRace, race } from '../race.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 500);

test(`${ROUNDS} rounds of two to eight at once: one wins, the others say who holds the lock, readers see old or new`, async () => {
  const place = makePlace('race');
  try {
    const archives = await prepareRace(place);
    for (let round = 0; round < ROUNDS; round++) {
      expect(await race(place, archives.slice(0, 2 + (round % 7))), `round ${round}`).toEqual([]);
    }
  } finally {
    leave(place);
  }
});
