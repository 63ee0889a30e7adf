import { afterAll, beforeAll, expect, test } from 'vitest';
import { leave, type Place } from '../../crash/place.ts';
import { BLOWS, judgeBlow, makeWholeRoot, partsOf } from '../damage.ts';

let place: Place;

beforeAll(async () => {
  place = await makeWholeRoot();
});

afterAll(() => leave(place));

test.each(Object.keys(BLOWS))(
  'every file of a root, %s: found, healed where something heals it, else named',
  async (blow) => {
    const wrong: string[] = [];
    for (const part of partsOf(place)) {
      const problems = await judgeBlow(place, part, blow as keyof typeof BLOWS);
      wrong.push(...problems.map((problem) => `${part}: ${problem}`));
    }
    expect(wrong).toEqual([]);
  },
);
