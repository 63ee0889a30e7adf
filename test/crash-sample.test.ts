import { describe, expect, test } from 'vitest';
import { crashAtAll, everyNth, everyRecord, type Point } from './crash/crash-points.ts';
import { leave } from './crash/place.ts';
import { prepareScenario, type Scenario } from './crash/scenarios.ts';

// `npm run test:crash` kills the program at every call; this is what fits into `npm test`.
const SAMPLES: readonly (readonly [
  'install' | 'upgrade' | 'remove' | 'rollback',
  (scenario: Scenario) => readonly Point[],
])[] = [
  ['install', (scenario) => everyNth(scenario, 40)],
  ['upgrade', (scenario) => [...everyRecord(scenario), ...twice(scenario, 0.7)]],
  ['remove', (scenario) => [...everyRecord(scenario), ...everyNth(scenario, 20)]],
  ['rollback', (scenario) => [...everyNth(scenario, 40), ...twice(scenario, 0.9)]],
];

describe.concurrent('a program that is killed', () => {
  test.each(SAMPLES)(
    'in the middle of %s: recovery leaves all old or all new',
    async (name, sample) => {
      const scenario = await prepareScenario(name);
      try {
        expect(await crashAtAll(scenario, sample(scenario))).toEqual([]);
      } finally {
        leave(scenario.place);
      }
    },
    180_000,
  );
});

/** Killed at this part of its way, and again in recovery. */
function twice({ calls }: Scenario, part: number): readonly Point[] {
  return [2, 9].map((again) => ({ at: Math.floor(calls.length * part), what: 'before', again }));
}
