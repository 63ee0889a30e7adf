import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander';
import { EXIT } from '../error.ts';
import type { Command, Group, Option, Options } from './command.ts';
import { commands } from './commands/index.ts';
import { GLOBAL_OPTIONS } from './options.ts';
import type { Streams } from './streams.ts';
import { helpWords } from './help-words.ts';
import { commandPath, ownWords } from './unparsed.ts';
import { usageError } from './usage-error.ts';

export type Chosen = { readonly command: Command; readonly words: readonly string[]; readonly options: Options };

const GROUPS: Readonly<Record<Group, string>> = {
  change: 'Change what is installed:',
  run: 'Run services:',
  look: 'Look:',
  make: 'Make bundles:',
  keep: 'Keep and clean:',
  help: 'Help:',
};

/** Finds the command in `words`, or answers the exit number when help or an error was printed instead. */
export async function parseWords(
  typed: readonly string[],
  version: string,
  streams: Streams,
): Promise<Chosen | number> {
  const words = helpWords(typed);
  let chosen: Chosen | null = null;
  const program = new Commander('pkg')
    .description('Upgrades live services with packages: several bundles as one atomic change, always with a way back.')
    .version(version, '--version', 'print the version')
    .helpCommand(false)
    .addHelpOption(helpOption())
    .addHelpText('after', EXAMPLES);
  configure(program, streams);
  for (const { flags, help } of GLOBAL_OPTIONS) program.addOption(everywhere(flags, help));
  for (const command of within(words)) program.addCommand(commanderFor(command, streams, (found) => (chosen = found)));
  try {
    await program.parseAsync(withOwnFlags(waitWithValue(words)), { from: 'user' });
    if (chosen !== null) return chosen;
    program.outputHelp();
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.done;
    // Without any word the help was shown instead: there is nothing to add.
    if (error.code === 'commander.help') return EXIT.usage;
    throw usageError(error, words);
  }
}

const EXAMPLES = `
Examples:
  pkg build ./web                    pack a folder
  pkg install web-2.0.0.tgz          upgrade, all or nothing
  pkg rollback                       go back

Exit codes, JSON and every option: docs/cli.md, or pkg COMMAND --help.`;

/** The command that the words begin with, or else all of them: making them all takes as long as the rest of a start. */
function within(words: readonly string[]): readonly Command[] {
  const [first] = commandPath(words);
  return first === undefined ? commands : [first];
}

function commanderFor(command: Command, streams: Streams, choose: (chosen: Chosen) => void): Commander {
  const built = new Commander(command.name)
    .summary(command.summary)
    .description(`${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`)
    .helpGroup(GROUPS[command.group])
    .helpCommand(false)
    .addHelpOption(helpOption());
  configure(built, streams);
  if (command.args !== undefined) built.arguments(command.args);
  for (const option of command.options ?? []) built.addOption(commanderOption(option));
  for (const option of GLOBAL_OPTIONS) {
    const isTaken = command.options?.some(({ flags }) => shortOf(flags) === shortOf(option.flags)) ?? false;
    const flags = isTaken ? option.flags.replace(/^-., /, '') : option.flags;
    built.addOption(everywhere(flags, option.help));
  }
  if (command.examples !== undefined) built.addHelpText('after', `\nExamples:\n  ${command.examples.join('\n  ')}`);
  for (const sub of command.subcommands ?? []) built.addCommand(commanderFor(sub, streams, choose));
  built.action(() => {
    choose({ command, words: built.args, options: withoutDefaults(built.optsWithGlobals()) });
  });
  return built;
}

/** Commander's own lists would take every word up to the next option, the files as well. */
function commanderOption({ flags, help, isList }: Option): CommanderOption {
  const option = new CommanderOption(flags, help);
  if (isList === true) option.argParser((value, before: readonly string[] | undefined) => [...(before ?? []), value]);
  return option;
}

function everywhere(flags: string, help: string): CommanderOption {
  return new CommanderOption(flags, help).helpGroup('Everywhere:');
}

function helpOption(): CommanderOption {
  return everywhere('-h, --help', 'show help');
}

function configure(program: Commander, streams: Streams): void {
  program.exitOverride().configureOutput({
    writeOut: (text) => streams.output.write(text),
    writeErr: (text) => streams.talk.write(text),
    // Told once, with everything else that goes wrong.
    outputError: () => {},
  });
  // That there are options goes without saying; without the word the summaries fit beside the names.
  program.configureHelp({ subcommandTerm: (command) => `${command.name()} ${argumentsOf(command)}`.trimEnd() });
}

function argumentsOf(command: Commander): string {
  return command.usage().replace(/^\[options\] ?(?:\[command\] ?)?/, '');
}

/** `--wait` alone means 30 s; without this it would take the next word for its duration. */
function waitWithValue(words: readonly string[]): string[] {
  const end = ownWords(words).length;
  return words.map((word, at) => (word === '--wait' && at < end ? '--wait=30s' : word));
}

/** `pkg logs -n 20` means lines: commander would take it for the `-n` of every command before it asks the command. */
function withOwnFlags(words: readonly string[]): string[] {
  const [command] = commandPath(words);
  const own = new Map((command?.options ?? []).map(({ flags }) => [shortOf(flags), /--[a-z-]+/.exec(flags)?.[0]]));
  const taken = GLOBAL_OPTIONS.map(({ flags }) => shortOf(flags)).filter((short) => short !== null && own.has(short));
  const end = ownWords(words).length;
  return words.map((word, at) => {
    if (at >= end) return word;
    const short = taken.find((flag) => flag !== null && word.startsWith(flag));
    if (short === undefined || short === null) return word;
    return word === short ? `${own.get(short)}` : `${own.get(short)}=${word.slice(short.length)}`;
  });
}

/** `-n, --lines <n>` -> `-n`. */
function shortOf(flags: string): string | null {
  return /^-[A-Za-z](?=,)/.exec(flags)?.[0] ?? null;
}

/** commander turns `--no-input` into `input: false`, and its absence into true. */
function withoutDefaults(options: Record<string, unknown>): Options {
  const { input, ...rest } = options;
  return { ...rest, noInput: input === false } as Options;
}
