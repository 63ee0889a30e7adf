/** What a test program printed, in numbers; null for those that nobody can read off it. */
export type TestReport = {
  readonly files: number | null;
  readonly tests: number | null;
  readonly skipped: number;
  readonly failed: number;
  readonly warnings: number;
  /** In words, when the output itself says that not all went as planned. */
  readonly complaint: string | null;
};

/** Reads TAP and the summary of prove(1); whatever else a program prints has only its warnings counted. */
export function readTestReport(text: string): TestReport {
  const lines = text.split(/\r?\n/);
  const tap = readTap(lines);
  const summary = readSummary(lines);
  const warnings = lines.filter(isWarning).length;
  // prove counts the files that it ran; with -v the lines of all of them are there as well, each numbered from 1.
  if (summary !== null) return { ...tap, ...summary, warnings };
  return { ...tap, warnings, complaint: complaintOf(tap) };
}

type Tap = Pick<TestReport, 'files' | 'tests' | 'skipped' | 'failed'> & {
  readonly planned: number | null;
  readonly bailedOut: string | null;
};

const RESULT = /^(not )?ok\b(?!\w)(.*)$/;

/** Only lines that begin at the margin: those of subtests are indented and summed up in one. */
function readTap(lines: readonly string[]): Tap {
  const results = lines.flatMap((line) => {
    const match = RESULT.exec(line);
    return match === null ? [] : [{ isOk: match[1] === undefined, words: match[2] ?? '' }];
  });
  const plans = lines.flatMap((line) => /^1\.\.(\d+)/.exec(line)?.[1] ?? []).map(Number);
  const isKnown = results.length > 0 || plans.length > 0;
  return {
    files: null,
    tests: isKnown ? results.length : null,
    skipped: results.filter(({ words }) => /#\s*skip/i.test(words)).length,
    failed: results.filter(({ isOk, words }) => !isOk && !/#\s*(todo|skip)\b/i.test(words)).length,
    planned: plans.length === 0 ? null : plans.reduce((sum, plan) => sum + plan, 0),
    bailedOut: lines.find((line) => line.startsWith('Bail out!')) ?? null,
  };
}

function complaintOf({ tests, failed, planned, bailedOut }: Tap): string | null {
  if (bailedOut !== null) return `it gave up: ${bailedOut}`;
  if (failed > 0) return `${failed} of ${tests} tests failed`;
  if (planned !== null && planned !== tests) return `it planned ${planned} tests and ran ${tests}`;
  if (tests !== null && planned === null) return `it ran ${tests} tests and ended before it said how many there are`;
  return null;
}

/** `Files=12, Tests=9400, 34 wallclock secs (…)` and `Result: PASS`, at the end of what prove prints. */
function readSummary(lines: readonly string[]): Pick<TestReport, 'files' | 'tests' | 'complaint'> | null {
  const sums = lines.map((line) => /^Files=(\d+), Tests=(\d+),/.exec(line)).filter((sum) => sum !== null);
  if (sums.length === 0) return null;
  const result = lines.findLast((line) => line.startsWith('Result: '))?.slice('Result: '.length);
  const isGood = result === undefined || result === 'PASS';
  return {
    files: sums.reduce((all, [, files]) => all + Number(files), 0),
    tests: sums.reduce((all, [, , tests]) => all + Number(tests), 0),
    complaint: isGood ? null : `the result of prove is ${result}`,
  };
}

/** What calls itself a warning, and what perl -w says: `… at t/a.t line 3.` TAP and its comments are no warnings. */
function isWarning(line: string): boolean {
  if (RESULT.test(line) || line.trimStart().startsWith('#')) return false;
  return /\bwarning\b/i.test(line) || / at \S+ line \d+\.$/.test(line);
}
