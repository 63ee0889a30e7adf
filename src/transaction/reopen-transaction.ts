import type { Handlers, Kinded, Tell } from './handler.ts';
import { JournalWriter } from './journal-writer.ts';
import type { Override } from './journal-record.ts';
import type { BeginRecord } from './read-journal.ts';
import { handlerOf, type Work } from './work.ts';

/** A transaction that another process left open, and how to go on with it. */
export type OpenOrder<S extends Kinded, W> = {
  readonly folder: string;
  readonly handlers: Handlers<S, W>;
  readonly world: W;
  readonly tell: Tell<S>;
  /** What the one who goes on with it overrides, for the history. */
  readonly overrides?: readonly Override[];
};

/** Goes on with a transaction whose journal lies in `folder`: `goOn` gets the steps it began with. */
export async function reopenTransaction<S extends Kinded, W, T>(
  order: OpenOrder<S, W>,
  begin: BeginRecord,
  goOn: (work: Work<S, W>) => Promise<T>,
): Promise<T> {
  const steps = begin.steps as unknown as readonly S[];
  // Better nothing than a part: an undo that leaves out a kind of step would go over its remains.
  for (const n of steps.keys()) handlerOf({ ...order, steps }, n);
  const journal = JournalWriter.reopen(order.folder);
  try {
    return await goOn({ ...order, journal, steps, commitAfter: begin.commitAfter });
  } finally {
    journal.close();
  }
}
