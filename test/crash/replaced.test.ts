import { afterAll, beforeAll, expect, test } from 'vitest';
import { prepareStory } from '../faults/programme/stories.ts';
import { crashAtAll, everyPoint, type Point } from './crash-points.ts';
import { leave } from './place.ts';
import type { Scenario } from './scenarios.ts';

let scenario: Scenario;

beforeAll(async () => {
  scenario = await prepareStory('replaced');
});

afterAll(() => leave(scenario.place));

// `kill-replaced` of the programme has every other point of this change.
test('a bundle is replaced: killed around the moment when its data moves, the data is under one name or the other', async () => {
  const points = whileDataMoves(scenario);
  expect(points.length).toBeGreaterThan(10);
  expect(await crashAtAll(scenario, [...points, ...points.filter((_, n) => n % 4 === 0).flatMap(again)])).toEqual([]);
}, 1_800_000);

/** From the record before the data is touched to the one behind it. */
function whileDataMoves(one: Scenario): readonly Point[] {
  const touches = one.calls.flatMap((call, n) => (/\/data(\/(old|new)|-formats)?\b/.test(call) ? [n + 1] : []));
  const [first, last] = [Math.min(...touches) - 3, Math.max(...touches) + 3];
  return everyPoint(one).filter(({ at }) => at >= first && at <= last);
}

/** And killed once more in recovery. */
function again(point: Point): readonly Point[] {
  return [2, 5, 9].map((n) => ({ ...point, again: n }));
}
