import { expect, test } from 'vitest';
import { readTestReport } from '../../src/steps/checks/read-test-report.ts';

const report = (...lines: readonly string[]) => readTestReport(`${lines.join('\n')}\n`);

test('TAP is counted, whether the plan comes first or last', () => {
  const counted = { tests: 2, failed: 0, skipped: 0, warnings: 0, complaint: null };
  expect(report('1..2', 'ok 1 - starts', 'ok 2')).toMatchObject(counted);
  expect(report('TAP version 14', 'ok 1', 'ok 2', '1..2')).toMatchObject(counted);
});

test('subtests count as the one test that they are', () => {
  expect(report('    ok 1', '    ok 2', '    1..2', 'ok 1 - both', '1..1')).toMatchObject({
    tests: 1,
    complaint: null,
  });
});

test('what is skipped or not done yet does not fail', () => {
  const lines = [
    '1..3',
    'ok 1 # SKIP no network',
    'not ok 2 - later # TODO',
    '#   Failed (TODO) test at t/a.t line 3.',
    'ok 3',
  ];
  expect(report(...lines)).toMatchObject({ tests: 3, skipped: 1, failed: 0, warnings: 0, complaint: null });
});

test.each([
  [['1..2', 'ok 1', 'not ok 2 - breaks'], '1 of 2 tests failed'],
  [['1..9400', 'ok 1'], 'it planned 9400 tests and ran 1'],
  [['ok 1', 'ok 2'], 'it ran 2 tests and ended before it said how many there are'],
  [['1..2', 'ok 1', 'Bail out! no database'], 'it gave up: Bail out! no database'],
  [['Files=2, Tests=10,  1 wallclock secs ( 0.02 usr )', 'Result: FAIL'], 'the result of prove is FAIL'],
])('%j is not well, whatever the exit status', (lines, complaint) => {
  expect(report(...lines).complaint).toBe(complaint);
});

test('the summary of prove counts for all its files', () => {
  const lines = [
    't/a.t .. ok',
    't/b.t .. ok',
    'All tests successful.',
    'Files=2, Tests=9400, 34 wallclock secs',
    'Result: PASS',
  ];
  expect(report(...lines)).toMatchObject({ files: 2, tests: 9400, complaint: null });
  expect(report('1..1', 'ok 1').files).toBeNull();
});

test('warnings are counted, but not tests that are called so', () => {
  const lines = [
    'Use of uninitialized value $x in addition (+) at t/a.t line 3.',
    'cc: warning: unused',
    'ok 1 - no warning',
    '1..1',
  ];
  expect(report(...lines).warnings).toBe(2);
});

test('what prints no tests has no number of them', () => {
  expect(report('all is fine', 'okay')).toMatchObject({ tests: null, complaint: null });
  expect(report('')).toMatchObject({ tests: null });
});
