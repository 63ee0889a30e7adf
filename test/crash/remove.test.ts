import { afterAll, beforeAll, expect, test } from 'vitest';
import { crashAtAll, everyPoint } from './crash-points.ts';
import { leave } from './place.ts';
import { prepareScenario, type Scenario } from './scenarios.ts';

let scenario: Scenario;

beforeAll(async () => {
  scenario = await prepareScenario('remove');
});

afterAll(() => leave(scenario.place));

test('remove: killed at any call, recovery leaves all old or all new', async () => {
  expect(await crashAtAll(scenario, everyPoint(scenario))).toEqual([]);
}, 1_800_000);
