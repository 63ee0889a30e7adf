import { expect, test } from 'vitest';
import { crashAtAll, everyNth, type Point } from './crash/crash-points.ts';
import { leave } from './crash/place.ts';
import { prepareScenario, type Scenario } from './crash/scenarios.ts';

// `npm run test:crash` kills every kind of change at every call; this is what fits into `npm test`.
test('a program that is killed in the middle of an upgrade: recovery leaves all old or all new', async () => {
  const scenario = await prepareScenario('upgrade');
  try {
    expect(await crashAtAll(scenario, [...everyNth(scenario, 60), ...twice(scenario, 0.7)])).toEqual([]);
  } finally {
    leave(scenario.place);
  }
}, 180_000);

/** Killed at this part of its way, and again in recovery. */
function twice({ calls }: Scenario, part: number): readonly Point[] {
  return [2, 9].map((again) => ({ at: Math.floor(calls.length * part), what: 'before', again }));
}
