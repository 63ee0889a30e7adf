import canonicalize from 'canonicalize';
import { assert, json, property } from 'fast-check';
import { expect, test } from 'vitest';
import { isCanonical } from '../../src/bundle/manifest/canonical-form.ts';

test('the canonical form of any JSON is told from every other form of it', () => {
  assert(
    property(json(), (text) => {
      const value: unknown = JSON.parse(text);
      const canonical = canonicalize(value) ?? '';
      expect(isCanonical(JSON.parse(canonical), canonical)).toBe(true);
      expect(isCanonical(value, text)).toBe(text === canonical);
      expect(isCanonical(value, `${canonical} `)).toBe(false);
    }),
  );
});

test('keys out of order or twice, blanks and other spellings are not canonical', () => {
  const others = [
    '{"b":1,"a":2}',
    '{"a":1,"a":1}',
    '{"9":1,"10":2}',
    '[1, 2]',
    '1.0',
    '"\\u0061"',
    '"\\ud800"',
    '{"a":"\\ud800"}',
    '{"\\ud800":1,"\\ue000":1}',
    '1e400',
    '-0',
    '{"a":1}x',
  ];
  for (const text of others)
    expect([isCanonical(text.endsWith('x') ? { a: 1 } : JSON.parse(text), text), text]).toEqual([false, text]);
  expect(isCanonical({ 9: 1, 10: 2 }, '{"10":2,"9":1}')).toBe(true);
});
