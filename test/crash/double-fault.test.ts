import { expect, test } from 'vitest';
import { crashAtAll, type Point } from './crash-points.ts';
import { leave } from './place.ts';
import { prepareScenario, type Scenario } from './scenarios.ts';

test.each(['upgrade', 'remove'] as const)(
  '%s: killed, and killed again in recovery, the next recovery comes through',
  async (name) => {
    const scenario = await prepareScenario(name);
    try {
      expect(await crashAtAll(scenario, twice(scenario))).toEqual([]);
    } finally {
      leave(scenario.place);
    }
  },
  1_800_000,
);

/** Five moments in the second half, where there is something to undo or to finish, each with six moments of recovery. */
function twice({ calls }: Scenario): readonly Point[] {
  const moments = [0.5, 0.65, 0.8, 0.9, 0.97].map((part) => Math.floor(calls.length * part));
  return moments.flatMap((at, shift) =>
    Array.from({ length: 6 }, (_, n) => ({ at, what: 'before', again: 1 + shift + n * 11 })),
  );
}
