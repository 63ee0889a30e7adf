import type { Context } from '../../command.ts';
import { visible } from '../../harmless.ts';
import { cut } from '../list/cut.ts';

/** The end of a log: what can be read of it, what makes a line of it readable, and how many bytes it had then. */
export type LogEnd = {
  readonly file: string;
  readonly readable: (line: string) => Promise<string>;
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
  const { file, hide } = await serviceLog(service, await context.session({}));
  const { lines, end } = lastLinesOf(file, MOST.lines, MOST.bytes);
  const readable = async (line: string): Promise<string> => cut(visible(await hide(line)), LONGEST);
  return { file, readable, lines: await Promise.all(lines.map(readable)), end };
}

/** The lines that were held and those that came, without the oldest where they are too many. */
export function keptLines(held: readonly string[], more: readonly string[]): readonly string[] {
  return [...held, ...more].slice(-MOST.lines);
}
