import { PkgError } from '../../../error.ts';
import type { Context } from '../../command.ts';
import { repeatRoot } from '../../repeat-root.ts';
import { keptLines, type LogEnd, readLog } from './read-log.ts';

/** Where the lines of a log go: its end as it is now, then what comes, a few times a second. */
export type Following = {
  readonly abort: AbortSignal;
  begin(lines: readonly string[]): void;
  more(lines: readonly string[]): void;
};

/** So that a log that is written fast is not drawn line by line, in milliseconds. */
const PAUSE = 100;

const FLOOD = 10_000;

/** Shows the end of a log and goes on with what comes until `abort`; what stands in the way is what there is to read. */
export async function followLog(service: string, context: Context, following: Following): Promise<void> {
  try {
    const shown = await readLog(service, context);
    following.begin(shown.lines);
    await follow(shown, following);
  } catch (error) {
    following.more(troubleLines(error, context));
  }
}

async function follow({ file, readable, end }: LogEnd, { abort, more }: Following): Promise<void> {
  const { followLines } = await import('../../../operations/service/log-lines.ts');
  let waiting: string[] = [];
  const flush = (): void => {
    if (waiting.length > 0 && !abort.aborted) more(waiting);
    waiting = [];
  };
  const clock = setInterval(flush, PAUSE);
  try {
    for await (const line of followLines(file, end, abort)) {
      waiting.push(await readable(line));
      // Of what comes faster than it can be read only the end is shown.
      if (waiting.length >= FLOOD) waiting = [...keptLines([], waiting)];
    }
  } finally {
    clearInterval(clock);
  }
}

function troubleLines(error: unknown, { rootWords }: Context): readonly string[] {
  const isTold = error instanceof PkgError || (error instanceof Error && 'syscall' in error);
  if (!isTold) throw error;
  const hint = error instanceof PkgError ? error.hint : undefined;
  return [error.message, ...(hint === undefined ? [] : [repeatRoot(hint, rootWords)])];
}
