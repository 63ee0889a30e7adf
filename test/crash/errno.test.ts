import { afterAll, beforeAll, expect, test } from 'vitest';
import { errnoPoints, failAtAll } from './crash-points.ts';
import { leave } from './place.ts';
import { prepareScenario, type Scenario } from './scenarios.ts';

let scenario: Scenario;

beforeAll(async () => {
  scenario = await prepareScenario('upgrade');
});

afterAll(() => leave(scenario.place));

test('upgrade: whatever call the disk refuses, all is old or all is new, and the reason is named', async () => {
  expect(await failAtAll(scenario, errnoPoints(scenario, 5, 45))).toEqual([]);
}, 1_800_000);
