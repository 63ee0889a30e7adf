import { PkgError } from '../error.ts';
import { type NameRange, quoted } from '../model/index.ts';
import { parseDuration } from '../system/index.ts';
import type { Option, Options } from './command.ts';

/** Understood by every command. */
export const GLOBAL_OPTIONS: readonly Option[] = [
  { flags: '--root <dir>', help: 'the root to work on (else PKG_ROOT, else /var/lib/pkg or the user data folder)' },
  { flags: '--json', help: 'machine-readable output on stdout' },
  { flags: '-y, --yes', help: 'accept the plan without a question' },
  { flags: '--no-input', help: 'never ask; fail if an answer is needed' },
  { flags: '-n, --dry-run', help: 'decide and show, change nothing' },
  { flags: '--color <when>', help: 'auto, always or never' },
  { flags: '-q, --quiet', help: 'only errors and data' },
  { flags: '-v, --verbose', help: 'every step of the plan' },
  { flags: '--wait [duration]', help: 'wait for the lock (30s; another time as --wait=5m)' },
];

/** `-o, --output <dir>` -> `-o` and `--output`. */
export function namesOf({ flags }: Option): readonly string[] {
  return [...flags.matchAll(/(?:^|[ ,])(--?[A-Za-z-]+)/g)].map((match) => match[1] ?? '');
}

/** Whether a value always follows it. */
export function takesValue({ flags }: Option): boolean {
  return flags.includes('<');
}

/** Overrides that changing commands share; each says what it risks. */
export const OVERRIDE_OPTIONS: readonly Option[] = [
  {
    flags: '--ignore-depends <name>',
    help: 'go on although this dependency is not met; what depends on it may not work (may be repeated)',
    isList: true,
  },
  {
    flags: '--skip-check <name>',
    help: 'do not run this check; what it guards against may go live (may be repeated)',
    isList: true,
  },
  { flags: '--accept-drift', help: 'leave files changed by hand behind (a copy is kept)' },
  {
    flags: '--accept-data-loss <name>',
    help: 'go to a version that cannot read the data on disk, or purge that data (may be repeated)',
    isList: true,
  },
  { flags: '--one-way', help: 'go on although there would be no way back' },
  { flags: '--ignore-window', help: 'make the change now, although no window is open or it closes too early' },
  { flags: '--max-class <class>', help: 'refuse what disturbs services more than this: hot, reload, replace, restart' },
  {
    flags: '--max-interruption <duration>',
    help: 'refuse if a service would be away for longer than this, such as 5s',
  },
  { flags: '--config <policy>', help: 'for a file that both you and the bundle changed: keep (yours), new, or ask' },
];

/** For commands that make a new generation live. */
export const TRY_OPTION: Option = {
  flags: '--try <duration>',
  help: 'undo the change after this time, such as 10m, unless pkg commit keeps it',
};

/** For commands that can replace a running service. */
export const PREVIEW_OPTION: Option = {
  flags: '--preview <client>',
  help: 'show the change only to these clients until pkg publish: header:NAME=VALUE, cookie:NAME=VALUE or address:10.0.0.5 (may be repeated)',
  isList: true,
};

/** For commands whose answer has a shape. */
export const GRAPH_OPTION: Option = {
  flags: '--graph',
  help: 'a graph: as text on a terminal, as Mermaid elsewhere, as {nodes, edges} with --json',
};

export const ARCHIVE_OPTIONS: readonly Option[] = [
  { flags: '--max-size <bytes>', help: 'accept content up to this size (8 GiB)' },
  { flags: '--max-entries <n>', help: 'accept up to this many files (250000)' },
];

/** A word with `/` or ending in `.tgz` is a file, `-` is stdin, anything else a name with perhaps `@RANGE`. */
export function splitWords(words: readonly string[]): {
  readonly files: readonly string[];
  readonly names: readonly NameRange[];
} {
  return { files: words.filter(isFileWord), names: words.filter((word) => !isFileWord(word)).map(nameRange) };
}

/** Whether a word names a file and not a bundle. */
export function isFileWord(word: string): boolean {
  return word === '-' || word.includes('/') || word.endsWith('.tgz');
}

/** `web@>=1.2` -> web and its range. */
export function nameRange(word: string): NameRange {
  const at = word.indexOf('@');
  if (at === 0 || word === '' || at === word.length - 1) throw noName(word);
  return at === -1 ? { name: word, range: null } : { name: word.slice(0, at), range: word.slice(at + 1) };
}

/** The same for a command that has nothing to say of files. */
export function bundleNamed(word: string): NameRange {
  if (!isFileWord(word)) return nameRange(word);
  throw new PkgError('usage', `${quoted(word)} is a file, and not the name of a bundle`, {
    hint: `pkg inspect ${quoted(word)}`,
  });
}

function noName(word: string): PkgError {
  return new PkgError('usage', `'${word}' is neither NAME nor NAME@VERSION`, {
    hint: 'pkg list --all shows the names',
  });
}

/** The text given for an option, or undefined. */
export function textOption(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** Every text given for an option that may be repeated. */
export function listOption(options: Options, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** A whole number of at least `least`, or undefined when the option was not given. */
export function numberOption(options: Options, name: string, least: number): number | undefined {
  const text = textOption(options, name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new PkgError('usage', `--${dashed(name)} takes a whole number of at least ${least}, not '${text}'`);
}

/** One of the words allowed, or undefined when the option was not given. */
export function choiceOption<T extends string>(options: Options, name: string, choices: readonly T[]): T | undefined {
  const text = textOption(options, name);
  const choice = choices.find((word) => word === text);
  if (text === undefined || choice !== undefined) return choice;
  throw new PkgError('usage', `--${dashed(name)} takes ${choices.join(', ')}, not '${text}'`);
}

/** Every word given for an option that may be repeated, each one of those allowed. */
export function eachChoice<T extends string>(options: Options, name: string, choices: readonly T[]): readonly T[] {
  return listOption(options, name).map((text) => {
    const choice = choices.find((word) => word === text);
    if (choice !== undefined) return choice;
    throw new PkgError('usage', `--${dashed(name)} takes ${choices.join(', ')}, not '${text}'`);
  });
}

/** How long to wait for the lock, in milliseconds. */
export function lockWait(options: Options): number {
  const wait = options['wait'];
  if (wait === undefined || wait === false) return 0;
  return parseDuration(typeof wait === 'string' ? wait : '30s');
}

/** How long a change stays on trial, in milliseconds; null when it is to be committed at once. */
export function trialTime(options: Options): number | null {
  const text = textOption(options, 'try');
  if (text === undefined) return null;
  const time = parseDuration(text);
  if (time > 0) return time;
  throw new PkgError('usage', `--try takes a duration, not '${text}'`, { hint: '--try 10m' });
}

function dashed(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
