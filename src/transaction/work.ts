import { PkgError } from '../error.ts';
import type { Handler, Handlers, Kinded, Progress, Tell } from './handler.ts';
import type { JournalWriter } from './journal-writer.ts';

/** One transaction being worked on: what is to be done, by whom, in which world. */
export type Work<S extends Kinded, W> = {
  readonly journal: JournalWriter;
  readonly steps: readonly S[];
  /** Steps before this number are undone on failure; those from it on clean up after COMMIT. */
  readonly commitAfter: number;
  readonly handlers: Handlers<S, W>;
  readonly world: W;
  readonly tell: Tell<S>;
};

/** Step n and the handler for its kind. */
export function handlerOf<S extends Kinded, W>(
  { steps, handlers }: Pick<Work<S, W>, 'steps' | 'handlers'>,
  n: number,
): { readonly step: S; readonly handler: Handler<S, W> } {
  const step = steps[n];
  if (step === undefined) throw new PkgError('internal', `there is no step ${n}`);
  const handler = handlers[step.kind as S['kind']] as Handler<S, W> | undefined;
  if (handler !== undefined) return { step, handler };
  throw new PkgError('newer-format', `step ${n} is of the kind '${step.kind}', which this pkg does not know`, {
    hint: 'use the pkg that began the transaction, or a newer one',
  });
}

/** Tells those who watch. A watcher that throws (a closed terminal) changes nothing. */
export function announce<S extends Kinded, W>(work: Work<S, W>, n: number, state: Progress<S>['state']): void {
  const step = work.steps[n];
  if (step === undefined) return;
  try {
    work.tell({ n, of: work.steps.length, step, state });
  } catch {
    // What happens does not depend on who can see it.
  }
}

/** Any error thrown by a step, with the step named where the error does not tell by itself. */
export function asPkgError<S extends Kinded, W>(
  error: unknown,
  { steps }: Pick<Work<S, W>, 'steps'>,
  n: number,
): PkgError {
  if (error instanceof PkgError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new PkgError('step-failed', `step ${n} (${steps[n]?.kind}) failed: ${reason}`, { cause: error });
}
