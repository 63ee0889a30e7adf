import { PkgError } from '../error.ts';
import type { Failure, Interrupt, Kinded } from './handler.ts';
import type { Json } from './journal-record.ts';
import { announce, asPkgError, handlerOf, type Work } from './work.ts';

/** What was done so far: `touched` is the last step begun, with the notes taken before doing. */
export type Progressing = { touched: number; readonly notes: Map<number, Json> };

/** Which steps are done now: those from one number up to, and without, another. */
type Stretch = { readonly from: number; readonly to: number; readonly interrupt: Interrupt };

/** Does a stretch of steps in order, each noted in the journal; the failure that ended it, or null. */
export async function doSteps<S extends Kinded, W>(
  work: Work<S, W>,
  { from, to, interrupt }: Stretch,
  progress: Progressing,
): Promise<Failure | null> {
  for (let n = from; n < to; n++) {
    if (interrupt.requested !== null) return recordFailure(work, { n: null, error: interrupted(interrupt.requested) });
    try {
      await doStep(work, n, progress);
    } catch (error) {
      announce(work, n, 'failed');
      return recordFailure(work, { n, error: asPkgError(error, work, n) });
    }
  }
  if (interrupt.requested !== null) return recordFailure(work, { n: null, error: interrupted(interrupt.requested) });
  return null;
}

async function doStep<S extends Kinded, W>(work: Work<S, W>, n: number, progress: Progressing): Promise<void> {
  const { step, handler } = handlerOf(work, n);
  announce(work, n, 'doing');
  const note = await handler.note?.(step, work.world);
  if (note !== undefined) progress.notes.set(n, note);
  // A step that may not run twice must be known to have been begun, and what undo needs must be there.
  const durability = handler.repeatable && note === undefined ? 'later' : 'sync';
  work.journal.append({ record: 'INTENT', n, ...(note === undefined ? {} : { note }) }, durability);
  progress.touched = n;
  await handler.do(step, work.world, note);
  work.journal.append({ record: 'DONE', n }, 'later');
  announce(work, n, 'done');
}

/** Says in the journal why everything is undone from here on. */
export function recordFailure<S extends Kinded, W>(work: Work<S, W>, failed: Failure): Failure {
  const { code, message } = failed.error;
  try {
    work.journal.append({ record: 'FAILED', n: failed.n, code, message }, 'later');
  } catch {
    // The undo that follows needs no record to be right, and says itself whether the journal could be closed.
  }
  return failed;
}

function interrupted(signal: 'SIGINT' | 'SIGTERM'): PkgError {
  return new PkgError('interrupted', `interrupted by ${signal}`, { exit: signal === 'SIGINT' ? 130 : 143 });
}
