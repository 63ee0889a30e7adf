import type { Check } from '../../operations/doctor/doctor.ts';
import type { Paint } from './paint.ts';

/** One line for each look, and below what is wrong the one thing to do about it. */
export function doctorLines(checks: readonly Check[], onlyWrong: boolean, ink: Paint): readonly string[] {
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  return checks
    .filter(({ ok }) => !ok || !onlyWrong)
    .flatMap(({ name, ok, message, fix }) => [
      `${ok ? ink.green('ok   ') : ink.red('wrong')}  ${name.padEnd(width)}  ${message}`,
      ...(fix === undefined ? [] : [`${' '.repeat(width + 9)}${ink.cyan('fix:')} ${fix}`]),
    ]);
}
