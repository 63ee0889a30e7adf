import type { PkgError } from '../error.ts';
import type { Failure, Kinded, Outcome } from './handler.ts';
import { announce, asPkgError, handlerOf, type Work } from './work.ts';

/** After COMMIT: does the steps from `commitAfter` on. What fails is repeated by the next recovery. */
export async function cleanSteps<S extends Kinded, W>(
  work: Work<S, W>,
  cleaned: ReadonlySet<number>,
): Promise<Outcome> {
  const uncleaned: Failure[] = [];
  for (let n = work.commitAfter; n < work.steps.length; n++) {
    if (cleaned.has(n)) continue;
    try {
      await cleanStep(work, n);
    } catch (error) {
      announce(work, n, 'failed');
      uncleaned.push({ n, error: asPkgError(error, work, n) });
    }
  }
  uncleaned.push(...(uncleaned.length === 0 ? close(work) : settle(work)));
  return { kind: 'committed', uncleaned };
}

async function cleanStep<S extends Kinded, W>(work: Work<S, W>, n: number): Promise<void> {
  const { step, handler } = handlerOf(work, n);
  announce(work, n, 'doing');
  const note = await handler.note?.(step, work.world);
  await handler.do(step, work.world, note);
  work.journal.append({ record: 'CLEANED', n }, 'later');
  announce(work, n, 'done');
}

function close<S extends Kinded, W>({ journal }: Work<S, W>): readonly Failure[] {
  return inTheJournal(() => journal.end('committed'));
}

/** The changes that follow rely on it: what was passed over, such as a purge, must not be found undone after a power cut. */
function settle<S extends Kinded, W>({ journal }: Work<S, W>): readonly Failure[] {
  return inTheJournal(() => journal.flush());
}

/** Committed it is, whatever happens to the journal now. */
function inTheJournal(write: () => void): readonly Failure[] {
  try {
    write();
    return [];
  } catch (error) {
    return [{ n: null, error: error as PkgError }];
  }
}
