import { median } from './run.ts';

/** One line of the table; `value` is compared with `target`, which is the most that is allowed. */
export type Row = {
  readonly what: string;
  readonly measured: string;
  readonly value: number | null;
  readonly unit: 'x' | 's' | 'MB' | 'renames' | 'failed' | '';
  readonly target: number | null;
};

/** How many times as long the one took as the other, round by round. */
export function ratioRow(
  what: string,
  { ours, theirs, target }: { ours: readonly number[]; theirs: readonly number[]; target: number },
): Row {
  const value = median(ours.map((seconds, round) => seconds / (theirs[round] ?? Number.NaN)));
  return { what, measured: `${shown(median(ours))} against ${shown(median(theirs))}`, value, unit: 'x', target };
}

/** The most memory that a command ever needed; `peaks` is empty where nothing could measure it. */
export function memoryRow(command: string, peaks: readonly number[]): Row {
  const what = `most memory of ${command}`;
  if (peaks.length === 0) return notMeasured(what, 'apt-get install time');
  const value = Math.max(...peaks);
  return { what, measured: `${value.toFixed(0)} MB`, value, unit: 'MB', target: 200 };
}

/** A line for what could not be measured here, with what would help. */
export function notMeasured(what: string, why: string): Row {
  return { what, measured: `not measured (${why})`, value: null, unit: '', target: null };
}

export function shown(seconds: number): string {
  return seconds < 1 ? `${(seconds * 1000).toFixed(0)} ms` : `${seconds.toFixed(2)} s`;
}

export function verdict({ value, target }: Row): string {
  if (value === null || target === null) return '';
  return value <= target ? 'met' : 'missed';
}

export function table(rows: readonly Row[]): string {
  const cells = [
    ['', 'measured', 'value', 'target', ''],
    ...rows.map((row) => [row.what, row.measured, number(row.value, row.unit), limit(row), verdict(row)]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function limit({ target, unit }: Row): string {
  return target === null ? '' : `<= ${number(target, unit)}`;
}

function number(value: number | null, unit: Row['unit']): string {
  if (value === null) return '';
  if (unit === 'renames' || unit === 'failed') return String(value);
  const digits = unit === 'MB' ? 0 : unit === 's' ? 3 : 2;
  return `${value.toFixed(digits)}${unit === 'x' ? '' : ' '}${unit}`.trim();
}
