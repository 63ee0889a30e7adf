import type { ChangedFile, ChangedNames } from './config-change.ts';
import type { Change, Phase, Plan, Refusal } from './plan.ts';
import type { ServiceStatus } from './service.ts';

export type Outcome = 'committed' | 'trial' | 'undone' | 'refused' | 'needs-recovery' | 'nothing-to-do';

/** Everything that happens; text, JSON lines and the screen are three views of this stream. */
export type Event =
  | { readonly event: 'plan'; readonly plan: Plan }
  /** An archive is unpacked; `files` = how many entries it has. */
  | { readonly event: 'staging'; readonly name: string; readonly version: string; readonly files?: number }
  | {
      readonly event: 'step';
      readonly n: number;
      readonly of: number;
      readonly phase: Phase;
      readonly kind: string;
      readonly summary: string;
      readonly state: 'doing' | 'done' | 'failed' | 'undoing' | 'undone' | 'undo-failed';
    }
  /** A service is asked whether it is ready; the last of several says `answered`. */
  | {
      readonly event: 'probe';
      readonly bundle: string;
      readonly service: string;
      readonly answered: boolean;
      readonly message: string;
    }
  /** What changed in the configuration of a service since it read it; of settings only the names. */
  | {
      readonly event: 'config';
      readonly bundle: string;
      readonly service: string;
      readonly files: readonly ChangedFile[];
      readonly settings: ChangedNames;
    }
  /** A line that a hook, check or program has just printed. */
  | { readonly event: 'output'; readonly title: string; readonly line: string }
  /** Bytes and files of a bundle unpacked so far, and how many it has. */
  | {
      readonly event: 'progress';
      readonly name: string;
      readonly bytes: number;
      readonly of: number;
      readonly files: number;
      readonly ofFiles: number;
    }
  | { readonly event: 'warning'; readonly message: string }
  | { readonly event: 'note'; readonly message: string }
  | {
      readonly event: 'error';
      readonly code: string;
      readonly message: string;
      readonly hint?: string;
      readonly details?: unknown;
    }
  | Result;

/** Always the last line of a changing command. `generation` is the live one when it ended. */
export type Result = {
  readonly event: 'result';
  readonly outcome: Outcome;
  readonly generation: number | null;
  readonly changes: readonly Change[];
  /** Its number in the history, if there was a transaction. */
  readonly transaction?: number;
  readonly failedStep?: { readonly n: number; readonly kind: string; readonly summary: string };
  readonly refusal?: Refusal;
  /** For `trial`: the ISO time at which everything is undone unless it is committed; null = no time was given. */
  readonly trialUntil?: string | null;
  /** For a preview: its clients as typed; nothing is live yet. */
  readonly preview?: readonly string[];
  /** For `committed`: the command that goes back. */
  readonly wayBack?: string;
  /** For `pkg service …`: the services that were meant, as they are now. */
  readonly services?: readonly ServiceStatus[];
};

export type Tell = (event: Event) => void;
