import type { PkgError } from '../error.ts';
import type { Json } from './journal-record.ts';
import type { Trial } from './trial.ts';

/** How one kind of step is done and undone. Both may run twice; undo must accept that nothing was ever done. */
export type Handler<S, W> = {
  /** Idempotent: its INTENT need not be on disk before it is done. */
  readonly repeatable: boolean;
  /** What other steps stand on: as long as one of their undos fails, this stays, because repeating that undo needs it. */
  readonly isGround?: true;
  /** Read before doing: what undo will need to know. It is journalled, and given to do and undo. */
  note?(step: S, world: W): Promise<Json>;
  do(step: S, world: W, note: Json | undefined): Promise<void>;
  undo(step: S, world: W, note: Json | undefined): Promise<void>;
};

/** The table kind -> handler, each typed for the steps of its kind. */
export type Handlers<S extends Kinded, W> = { readonly [K in S['kind']]: Handler<S & { readonly kind: K }, W> };

export type Kinded = { readonly kind: string };

/** Set by the program when a signal comes; looked at between steps. */
export type Interrupt = { readonly requested: 'SIGINT' | 'SIGTERM' | null };

/** What is happening to which step, for those who watch. */
export type Progress<S> = {
  readonly n: number;
  readonly of: number;
  readonly step: S;
  readonly state: 'doing' | 'done' | 'failed' | 'undoing' | 'undone' | 'undo-failed';
};

export type Tell<S> = (progress: Progress<S>) => void;

/** `n` is null when no step failed: the transaction was interrupted between two, or the journal failed. */
export type Failure = { readonly n: number | null; readonly error: PkgError };

export type Outcome =
  /** What of the cleaning failed is repeated by the next recovery. */
  | { readonly kind: 'committed'; readonly uncleaned: readonly Failure[] }
  /** Live, and to be committed or given up by another call. */
  | { readonly kind: 'trial'; readonly trial: Trial }
  | { readonly kind: 'undone'; readonly failed: Failure }
  | { readonly kind: 'needs-recovery'; readonly failed: Failure; readonly undoErrors: readonly Failure[] };
