import type { Event, Phase, Plan, Result } from '../../../model/index.ts';
import type { RootWords } from '../../repeat-root.ts';
import type { Form } from '../settings/form.ts';
import type { Size, TerminalInput } from '../terminal/input.ts';

/** What the operator decided; `lost` = nobody is there any more. */
export type Answer = 'yes' | 'no' | 'interrupt' | 'lost' | ConflictKey;

export type ConflictKey = 'keep' | 'new' | 'merge' | 'edit';

/** A file that both sides changed, as lines of a unified diff; null = it is no text. */
export type Conflict = {
  readonly file: string;
  readonly diff: readonly string[] | null;
  readonly problem: string | null;
};

/** What is lost for good, and the name that has to be typed for it. */
export type Loss = { readonly name: string; readonly loss: string };

export type StepState = Extract<Event, { event: 'step' }>['state'];

/** One thing that happens, with its times in milliseconds; `until` is null while it happens. */
export type Told =
  | {
      readonly kind: 'staging';
      readonly name: string;
      readonly version: string;
      readonly bytes: number;
      readonly of: number;
      readonly files: number;
      readonly ofFiles: number;
      readonly since: number;
      readonly until: number | null;
    }
  | {
      readonly kind: 'step';
      readonly n: number;
      readonly of: number;
      readonly phase: Phase;
      readonly summary: string;
      readonly state: StepState;
      readonly since: number;
      readonly until: number | null;
      /** The last lines it printed, and how the services it asked answered. */
      readonly output: readonly string[];
    }
  | { readonly kind: 'text'; readonly tone: 'error' | 'warning' | 'hint' | 'note'; readonly text: string };

/** Everything the screen shows, and nothing that is shown anywhere else is decided by it. */
export type State = {
  readonly command: string;
  readonly rootWords: RootWords;
  readonly size: Size;
  readonly view: 'settings' | 'plan' | 'name' | 'conflict' | 'work';
  readonly isHelpOpen: boolean;
  /** In the plan: every step instead of the picture. In a conflict: side by side instead of one below the other. */
  readonly isDetailed: boolean;
  /** Lines from the top, or from the end where things are added at the end. */
  readonly scroll: number;
  readonly plan: Plan | null;
  readonly conflict: Conflict | null;
  readonly form: Form | null;
  /** What has to be named before it is lost. */
  readonly loss: Loss | null;
  /** What was answered, as options of the command. */
  readonly answered: readonly string[];
  /** Letters of an answer, or of a word that has to be typed in full. */
  readonly typed: string;
  readonly answer: Answer | null;
  /** How often the operator pressed Ctrl-C while the work was going on. */
  readonly interrupts: number;
  readonly told: readonly Told[];
  readonly startedAt: number;
  readonly now: number;
  readonly result: Result | null;
  /** The operator has seen the end. */
  readonly isSeen: boolean;
};

/** Everything that can happen to the screen of a change. */
export type Input =
  | TerminalInput
  | { readonly kind: 'event'; readonly event: Event; readonly at: number }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | { readonly kind: 'settings'; readonly form: Form }
  | { readonly kind: 'name'; readonly loss: Loss }
  | { readonly kind: 'question' }
  /** A signal came, from the keyboard or from elsewhere. */
  | { readonly kind: 'signal' };

/** The screen before anything is on it. */
export function blankState(begun: Pick<State, 'command' | 'rootWords'>, size: Size, now: number): State {
  return {
    ...begun,
    size,
    view: 'plan',
    isHelpOpen: false,
    isDetailed: false,
    scroll: 0,
    plan: null,
    conflict: null,
    form: null,
    loss: null,
    answered: [],
    typed: '',
    answer: null,
    interrupts: 0,
    told: [],
    startedAt: now,
    now,
    result: null,
    isSeen: false,
  };
}
