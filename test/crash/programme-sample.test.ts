import { afterAll, beforeAll, expect, test } from 'vitest';
import { PARTS } from '../faults/programme/parts.ts';
import { runPart } from '../faults/programme/run-part.ts';
import { leave, makePlace, type Place } from './place.ts';

// `npm run test:faults` tries all points of all parts; this is a taste of those that nothing else here has.
const SOME = /^(kill-(downgrade|config-merge|failing|recover|gc)|service-(hot|replace)|signal-local|power)/;

let place: Place;

beforeAll(() => {
  place = makePlace('sample');
});

afterAll(() => leave(place));

test.each(PARTS.filter(({ name }) => SOME.test(name)))(
  '$name: all is old or all is new, at four points',
  async (part) => {
    const order = { folder: place.folder, workers: 1, deadline: Date.now() + 300_000, most: 4 };
    expect((await runPart(part, order)).wrong).toEqual([]);
  },
);
