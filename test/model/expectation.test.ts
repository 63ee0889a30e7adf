import { expect, test } from 'vitest';
import { isExpectation, meets } from '../../src/model/index.ts';

test.each([
  // expected, now, last, whether it will do
  [0, 0, null, true],
  [0, 1, null, false],
  ['=9400', 9400, null, true],
  ['>=9000', 8999, 9400, false],
  ['<60', 59.5, null, true],
  ['last-1%', 9306, 9400, true],
  ['last-1%', 9305, 9400, false],
  ['last-1%', 400, null, true],
  ['last+5', 7, 2, true],
  ['last+5', 8, 2, false],
  ['<2x last', 20, 10, false],
  ['<2x last', 19.9, 10, true],
  ['<= 1.5x last + 1', 16, 10, true],
  ['last', 3, 4, false],
  ['>=9000 | last-1%', 8000, null, false],
  ['>=9000 | last-1%', 8000, 8050, true],
  ['>=9000 | last-1%', 400, 9400, false],
] as const)('%s is expected, %d was counted, %s the last time: %s', (expected, now, last, isEnough) => {
  expect(meets(expected, { now, last })).toBe(isEnough);
});

test('what cannot be understood is no expectation', () => {
  const texts = ['0', ' >= 9000 ', '<2x last', 'last-1%', '>=1|last', '', 'many', '>=', '2x', 'last*2', '1 |', '5%'];
  expect(texts.filter((text) => !isExpectation(text))).toEqual(['', 'many', '>=', '2x', 'last*2', '1 |', '5%']);
});
