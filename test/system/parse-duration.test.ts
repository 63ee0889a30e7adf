import { describe, expect, test } from 'vitest';
import { parseDuration } from '../../src/system/index.ts';

describe('a duration', () => {
  test.each([
    ['1500ms', 1_500],
    ['0s', 0],
    ['30s', 30_000],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
  ])('%s is %i milliseconds', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(['', '5', 'm', '5 m', '-5m', '5M', '5min', '5m30s', 'ever'])("'%s' is refused as wrong use", (text) => {
    expect(() => parseDuration(text)).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: `'${text}' is not a duration`,
        hint: expect.stringContaining('30s'),
      }),
    );
  });

  test('longer than a timer can wait is refused, as it would fire at once', () => {
    expect(parseDuration('596h')).toBe(2_145_600_000);
    expect(() => parseDuration('597h')).toThrow("'597h' is not a duration of at most 596h");
  });
});
