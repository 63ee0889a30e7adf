import { afterAll, beforeAll, expect, test } from 'vitest';
import { PARTS } from '../faults/programme/parts.ts';
import { runPart } from '../faults/programme/run-part.ts';
import { has } from '../support/needs.ts';
import { leave, makePlace, type Place } from './place.ts';

// `npm run test:faults` tries all points of all parts; this is a taste of those that nothing else here has.
const SOME =
  /^(kill-(downgrade|replaced|purged|config-merge|failing|recover|gc)|call-upgrade|errno-(recover|gc)|refusal-upgrade|service-(hot|replace)|signal-local|power-(upgrade|xfs|btrfs))/;

let place: Place;

beforeAll(() => {
  place = makePlace('sample');
});

afterAll(() => leave(place));

// The power can only be cut where disks can be made: not in every container.
const parts = PARTS.filter(({ name, needs = [] }) => SOME.test(name) && has(...needs));

test.each(parts)('$name: all is old or all is new, at four points', async (part) => {
  const order = { folder: place.folder, workers: 1, deadline: Date.now() + 300_000, most: 4 };
  expect((await runPart(part, order)).wrong).toEqual([]);
});
