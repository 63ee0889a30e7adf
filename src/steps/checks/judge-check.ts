import { EXPECTABLE, type Expectable, type Expectations, meets } from '../../model/index.ts';
import type { CheckRun } from '../../store/index.ts';
import type { TestReport } from './read-test-report.ts';

/** A run of a check that ended with 0. */
export type Run = TestReport & { readonly seconds: number };

/** Why the run is not good enough for what its bundle expects, each in words; empty when it is. */
export function judgeCheck(run: Run, expected: Expectations, last: CheckRun | null): readonly string[] {
  const misses = EXPECTABLE.flatMap((what) => miss(what, run, expected[what], last?.[what] ?? null) ?? []);
  return run.complaint === null ? misses : [run.complaint, ...misses];
}

/** The last good run of the same version: another one may have more tests. Else the last of any. */
export function lastGood(runs: readonly CheckRun[], version: string): CheckRun | null {
  return runs.findLast((run) => run.version === version) ?? runs.at(-1) ?? null;
}

function miss(what: Expectable, run: Run, expected: string | number | undefined, last: number | null): string | null {
  const now = run[what];
  if (expected === undefined) return null;
  if (now === null) return `it printed no number of ${what}, neither as TAP nor as prove does`;
  if (meets(expected, { now, last })) return null;
  return `${what} are ${now}, not ${expected}${last === null ? '' : ` (the last good run had ${last})`}`;
}
