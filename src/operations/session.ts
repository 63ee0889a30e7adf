import type { Limits } from '../bundle/index.ts';
import type { Plan, SettingQuestion, Settings, Tell } from '../model/index.ts';
import type { Interrupt } from '../transaction/index.ts';

/** A file that the operator and the bundle changed in the same place. */
export type ConfigConflict = {
  /** `etc/web/web.conf`. */
  readonly file: string;
  /** null = not there, a link, or too large to be shown. */
  readonly base: Buffer | null;
  readonly mine: Buffer | null;
  readonly theirs: Buffer | null;
};

/** One side, or a text written from both. */
export type ConflictAnswer = 'keep' | 'new' | { readonly merged: Buffer };

/** Who runs the command, on which root, and how to talk to them: everything ambient that an operation may use. */
export type Session = {
  /** Absolute path of the root. */
  readonly root: string;
  /** The command line as typed, for the history and for others who wait for the lock. */
  readonly command: string;
  /** The user, for the history. */
  readonly by: string;
  readonly programVersion: string;
  readonly tell: Tell;
  /** Asked once, after the plan is shown and before anything starts. Throws if nobody can answer. */
  confirm(plan: Plan): Promise<boolean>;
  /** The name typed to confirm that the data of a bundle is to be lost; null = nobody can be asked. */
  askName(name: string, loss: string): Promise<string | null>;
  /** Answers to questions about settings, if somebody can be asked; asked before the decision. */
  askSettings(questions: readonly SettingQuestion[]): Promise<Settings>;
  /** What becomes of a file that both sides changed; asked before anything starts. null = nobody can be asked. */
  askConflict(conflict: ConfigConflict): Promise<ConflictAnswer | null>;
  /** A question without a plan, asked when something has failed; false if nobody can be asked. */
  askYesNo(question: string): Promise<boolean>;
  /** Decide and show, change nothing. */
  readonly dryRun: boolean;
  /** Milliseconds that a change stays on trial; null = it is committed at once. */
  readonly trialFor: number | null;
  /** Milliseconds to wait for the lock. */
  readonly lockWait: number;
  readonly limits: Limits;
  /** Set by the first signal; the second fires `interruptHooks`. */
  readonly interrupt: Interrupt;
  /** Fires with the first signal: gives up waiting for the lock. */
  readonly stopWaiting: AbortSignal;
  interruptHooks(): AbortSignal;
  readonly home: string;
  /** The Node that runs us, for hooks written in JavaScript. */
  readonly node: string;
  /** The file with which that Node can start another pkg. */
  readonly program: string;
  /** Number of the transaction whose hook called us on this very root, or null. */
  readonly insideTransaction: string | null;
};
