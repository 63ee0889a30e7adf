import { hideSecrets } from '../../../model/index.ts';
import type { Context } from '../../command.ts';
import { visible } from '../../harmless.ts';
import { cut } from '../list/cut.ts';

/** The end of a log: what can be read of it, what nobody may read there, and how many bytes it had then. */
export type LogEnd = {
  readonly file: string;
  readonly secrets: readonly string[];
  readonly lines: readonly string[];
  readonly end: number;
};

/** How many lines of a log are held, and how much is looked through for them. */
const MOST = { lines: 2_000, bytes: 4 << 20 };

/** As many letters of a line as somebody reads; `pkg logs` has all of them. */
const LONGEST = 1_000;

/** The last lines that a service has printed. */
export async function readLog(service: string, context: Context): Promise<LogEnd> {
  const { serviceLog } = await import('../../../operations/service/logs.ts');
  const { lastLinesOf } = await import('../../../operations/service/log-lines.ts');
  const { file, secrets } = await serviceLog(service, await context.session({}));
  const { lines, end } = lastLinesOf(file, MOST.lines, MOST.bytes);
  return { file, secrets, lines: lines.map((line) => readable(line, secrets)), end };
}

/** The lines that were held and those that came, without the oldest where they are too many. */
export function keptLines(held: readonly string[], more: readonly string[]): readonly string[] {
  return [...held, ...more].slice(-MOST.lines);
}

/** A line as it can be shown. */
export function readable(line: string, secrets: readonly string[]): string {
  return cut(visible(hideSecrets(line, secrets)), LONGEST);
}
