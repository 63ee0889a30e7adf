import { describe, expect, test } from 'vitest';
import { errnoPoints, failAtAll } from '../crash/crash-points.ts';
import { leave } from '../crash/place.ts';
import { prepareScenario } from '../crash/scenarios.ts';

// `npm run test:crash` lets many more calls fail.
describe.concurrent('a disk that is full, broken, read-only or closed to us', () => {
  test.each(['install', 'remove', 'rollback'] as const)(
    '%s: all is old or all is new',
    async (name) => {
      const scenario = await prepareScenario(name);
      try {
        const nth = Math.ceil(scenario.calls.length / 8);
        expect(await failAtAll(scenario, errnoPoints(scenario, nth, 4 * nth))).toEqual([]);
      } finally {
        leave(scenario.place);
      }
    },
    1_800_000,
  );
});
