import { describe, expect, test } from 'vitest';
import { crashAtAll, everyPoint } from './crash-points.ts';
import { leave } from './place.ts';
import { prepareScenario } from './scenarios.ts';

describe.concurrent('upgrade', () => {
  // The longest of all: two places at a time.
  test.each([0, 1])(
    'killed at any call, recovery leaves all old or all new (half %i)',
    async (half) => {
      const scenario = await prepareScenario('upgrade');
      try {
        const points = everyPoint(scenario).filter((_, n) => n % 2 === half);
        expect(await crashAtAll(scenario, points)).toEqual([]);
      } finally {
        leave(scenario.place);
      }
    },
    1_800_000,
  );
});
