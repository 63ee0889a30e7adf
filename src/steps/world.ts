import type { Tell } from '../model/index.ts';
import type { Layout } from '../store/index.ts';

/** What every step may use: where things are, whom to tell, and what it may be interrupted by. */
export type World = {
  readonly layout: Layout;
  /** Number of the transaction the steps belong to. */
  readonly transaction: number;
  readonly tell: Tell;
  /** Home folder given to hooks, and the Node that runs us. */
  readonly home: string;
  readonly node: string;
  /** The file by which that Node starts us once more: after a boot, to recover. */
  readonly program: string;
  /** Names of undos and cleaning hooks that recovery goes on without, because they can never succeed (`pkg recover --skip-hook`). */
  readonly givenUp: readonly string[];
  /** Fires on the second signal: ends the hook that runs now. */
  interruptHooks(): AbortSignal;
};
