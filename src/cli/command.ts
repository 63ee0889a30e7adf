import type { Session } from '../operations/session.ts';
import type { RootWords } from './repeat-root.ts';
import type { Streams } from './streams.ts';
import type { Color } from './views/paint.ts';

/** One option as commander writes it: `--keep <n>`, with what --help says of it. */
export type Option = {
  readonly flags: string;
  readonly help: string;
  /** Given again, it adds to what was given before; each time it takes one word. */
  readonly isList?: true;
};

/** What was given for the options of one command, by camel-cased name. */
export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

export type Group = 'change' | 'run' | 'look' | 'make' | 'keep' | 'help';

/** One command: what --help, completion and docs/cli.md say of it, and one operation to run. */
export type Command = {
  readonly name: string;
  /** As commander writes arguments: `<file...>`, `[name]`. */
  readonly args?: string;
  readonly summary: string;
  readonly group: Group;
  readonly options?: readonly Option[];
  readonly examples?: readonly string[];
  readonly subcommands?: readonly Command[];
  /** What completion offers for its words; files unless said otherwise. */
  readonly completes?:
    | 'bundle'
    | 'service'
    | 'generation'
    | 'transaction'
    | 'window'
    | 'listener'
    | 'setting'
    | 'proxy'
    | 'code'
    | 'command'
    | 'shell'
    | 'file'
    | 'nothing';
  /** Answers the exit number. */
  run(words: readonly string[], options: Options, context: Context): Promise<number>;
};

/** Everything a command may use of the world outside. */
export type Context = {
  readonly root: string;
  /** `--root DIR` as it was typed; nothing where it was not. */
  readonly rootWords: RootWords;
  readonly streams: Streams;
  readonly json: boolean;
  readonly yes: boolean;
  readonly noInput: boolean;
  readonly dryRun: boolean;
  readonly color: Color;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** The last words of the command: those that were typed behind `--`. */
  readonly behindDashes: readonly string[];
  readonly programVersion: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A changing command's session; its events go to the view that was asked for. */
  session(options: Options): Promise<Session>;
};
