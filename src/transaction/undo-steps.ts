import type { PkgError } from '../error.ts';
import type { Failure, Kinded, Outcome } from './handler.ts';
import type { Json } from './journal-record.ts';
import { announce, asPkgError, handlerOf, type Work } from './work.ts';

type Undo = {
  /** The highest step that may have been begun. */
  readonly touched: number;
  readonly notes: ReadonlyMap<number, Json>;
  /** Steps that need no undo any more. */
  readonly undone: ReadonlySet<number>;
  readonly failed: Failure;
};

/** Undoes from the last step begun backwards. A failing undo stops only those it stands on; the journal then stays open. */
export async function undoSteps<S extends Kinded, W>(work: Work<S, W>, undo: Undo): Promise<Outcome> {
  const { failed } = undo;
  const undoErrors: Failure[] = [];
  for (let n = undo.touched; n >= 0; n--) {
    if (undo.undone.has(n) || (undoErrors.length > 0 && isGround(work, n))) continue;
    const error = await undoStep(work, n, undo.notes.get(n));
    if (error !== null) undoErrors.push({ n, error });
  }
  const unclosed = undoErrors.length === 0 ? close(work) : null;
  if (unclosed !== null) undoErrors.push({ n: null, error: unclosed });
  return undoErrors.length === 0 ? { kind: 'undone', failed } : { kind: 'needs-recovery', failed, undoErrors };
}

/** A hook that failed to undo is repeated by the next recovery: until then its bundle must not be taken away. */
function isGround<S extends Kinded, W>({ steps, handlers }: Work<S, W>, n: number): boolean {
  const kind = steps[n]?.kind as S['kind'] | undefined;
  return kind !== undefined && handlers[kind]?.isGround === true;
}

async function undoStep<S extends Kinded, W>(
  work: Work<S, W>,
  n: number,
  note: Json | undefined,
): Promise<PkgError | null> {
  announce(work, n, 'undoing');
  try {
    const { step, handler } = handlerOf(work, n);
    await handler.undo(step, work.world, note);
  } catch (cause) {
    const error = asPkgError(cause, work, n);
    announce(work, n, 'undo-failed');
    record(work, { record: 'UNDO-FAILED', n, code: error.code, message: error.message }, 'later');
    return error;
  }
  announce(work, n, 'undone');
  // A recovery that does not know would undo it again, and by then what it stands on would be gone.
  return record(work, { record: 'UNDONE', n }, handlerOf(work, n).handler.repeatable ? 'later' : 'sync');
}

/** A journal that cannot be written does not stop the undo: it ends without END, and so with recovery. */
function record<S extends Kinded, W>(
  work: Work<S, W>,
  ...entry: Parameters<Work<S, W>['journal']['append']>
): PkgError | null {
  try {
    work.journal.append(...entry);
    return null;
  } catch (error) {
    return error as PkgError;
  }
}

function close<S extends Kinded, W>(work: Work<S, W>): PkgError | null {
  try {
    work.journal.end('undone');
    return null;
  } catch (error) {
    return error as PkgError;
  }
}
