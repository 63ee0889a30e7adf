import { afterAll, beforeAll, expect, test } from 'vitest';
import { failAtAll } from '../crash/crash-points.ts';
import { leave } from '../crash/place.ts';
import { prepareScenario, type Scenario } from '../crash/scenarios.ts';

let scenario: Scenario;

beforeAll(async () => {
  scenario = await prepareScenario('upgrade');
});

afterAll(() => leave(scenario.place));

/** Where the journal is flushed for the nth time from the end: COMMIT is the last but one. */
function flush(nth: number): number {
  return scenario.calls.flatMap((call, n) => (/^fsync .*journal\.jsonl$/.test(call) ? [n + 1] : [])).at(nth) ?? 0;
}

test('what is committed is told to be done, also when the disk can no longer be read', async () => {
  const at = flush(-2) + 1;
  const points = ['EIO', 'EACCES', 'EMFILE'].map((what) => ({ at, what, sticky: true }));
  expect(await failAtAll(scenario, points)).toEqual([]);
});

test('what could not be undone on a disk that can no longer be read is told to be left to pkg recover', async () => {
  const at = flush(-2) - 8;
  const points = ['EIO', 'EACCES'].map((what) => ({ at, what, sticky: true }));
  expect(await failAtAll(scenario, points)).toEqual([]);
});
