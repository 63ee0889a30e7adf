import stringWidth from 'string-width';
import type { Paint } from '../../views/paint.ts';
import { cut } from '../list/cut.ts';
import { sideBySide } from './side-by-side.ts';
import type { Conflict, State } from '../change/state.ts';

/** A file that both sides changed: where they differ, one below the other or side by side. */
export function conflictLines(
  { file, diff, problem }: Conflict,
  { isDetailed, size }: State,
  ink: Paint,
): readonly string[] {
  return [
    ink.bold(`${file} was changed by you and by the bundle`),
    ...(problem === null ? [] : [ink.red(problem)]),
    '',
    ...(diff === null
      ? ['it is not text and cannot be shown']
      : isDetailed
        ? beside(diff, size.columns, ink)
        : below(diff, ink)),
  ];
}

function below(diff: readonly string[], ink: Paint): readonly string[] {
  return diff.map((line) => {
    if (line.startsWith('-')) return ink.red(line);
    if (line.startsWith('+')) return ink.green(line);
    return line.startsWith('@@') ? ink.cyan(line) : line;
  });
}

function beside(diff: readonly string[], columns: number, ink: Paint): readonly string[] {
  const width = Math.floor((columns - 3) / 2);
  const half = (text: string): string => {
    const shown = cut(text, width);
    return shown + ' '.repeat(width - stringWidth(shown));
  };
  return [
    ink.dim(`${half('yours')} | ${half('new')}`),
    ...sideBySide(diff).map(({ left, right }) => {
      const isSame = left === right;
      const mine = half(left ?? '');
      const theirs = half(right ?? '');
      return isSame ? `${mine} | ${theirs}` : `${ink.red(mine)} ${ink.bold('|')} ${ink.green(theirs)}`;
    }),
  ];
}
