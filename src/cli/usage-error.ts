import { PkgError } from '../error.ts';
import { nearestWord, quoted } from '../model/index.ts';
import type { Command } from './command.ts';
import { commands } from './commands/index.ts';
import { inOurWords } from './habits.ts';
import { GLOBAL_OPTIONS } from './options.ts';
import { commandPath } from './unparsed.ts';

/** What commander could not take as an error of ours: with the line that was meant, or what the command takes. */
export function usageError(error: { readonly message: string }, words: readonly string[]): PkgError {
  const named = namedIn(words);
  const { message, wrong, known, own } = readMistake(error.message, named, words);
  const habit = inOurWords(words);
  const near = wrong === null ? null : nearestWord(wrong, known);
  const hint = habit ?? (near === null ? null : instead(wrong ?? '', near, words));
  const takes = named.command === null || own.length === 0 ? '' : `: ${named.path.join(' ')} takes ${own.join(', ')}`;
  return new PkgError('usage', hint === null ? `${message}${takes}` : message, { hint: hint ?? pageOf(named) });
}

/** The page of help for as much of the line as is a command. */
export function helpFor(words: readonly string[]): string {
  return pageOf(namedIn(words));
}

type Named = { readonly command: Command | null; readonly path: readonly string[] };

function namedIn(words: readonly string[]): Named {
  const path = commandPath(words);
  return { command: path.at(-1) ?? null, path: path.map(({ name }) => name) };
}

function commandsBelow({ command }: Named): readonly Command[] {
  return command === null ? commands : (command.subcommands ?? []);
}

type Mistake = {
  readonly message: string;
  /** The word that nothing goes by, and what does; null where the mistake is another one. */
  readonly wrong: string | null;
  readonly known: readonly string[];
  /** As much of what is known as belongs to this command. */
  readonly own: readonly string[];
};

/** `error: unknown option '--jsn'\n(Did you mean …)`; the guess of commander is wilder than ours. */
function readMistake(text: string, named: Named, words: readonly string[]): Mistake {
  const message = text.replace(/^error: /, '').replace(/\n\(Did you mean .*\)$/s, '');
  const [, kind, wrong = ''] = /^unknown (command|option) '(.+)'$/s.exec(message) ?? [];
  const names = commandsBelow(named).map(({ name }) => name);
  if (kind === 'command') return { message, wrong, known: names, own: names };
  if (kind === 'option') {
    const own = (named.command?.options ?? []).flatMap(longOf);
    const known = [...own, ...GLOBAL_OPTIONS.flatMap(longOf), '--help'];
    return { message, wrong: wrong.replace(/=.*$/s, ''), known, own };
  }
  // A command that only leads to others takes no words of its own.
  const [, extra] = /^too many arguments .* but got \d+: (.*)\.$/s.exec(message) ?? [];
  const unknown = words.find((word) => extra === word || extra?.startsWith(`${word}, `));
  if (unknown === undefined || names.length === 0) return { message, wrong: null, known: [], own: [] };
  const title = [...named.path, unknown].join(' ');
  return { message: `unknown command '${title}'`, wrong: unknown, known: names, own: names };
}

/** `-o, --output <dir>` -> `--output`. */
function longOf({ flags }: { readonly flags: string }): readonly string[] {
  return /--[a-z0-9-]+/.exec(flags) ?? [];
}

/** The same line with the word that was probably meant, ready to be pasted. */
function instead(wrong: string, near: string, words: readonly string[]): string | null {
  const at = words.findIndex((word) => word === wrong || word.startsWith(`${wrong}=`));
  if (at === -1) return null;
  const right = `${near}${words[at]?.slice(wrong.length) ?? ''}`;
  return `did you mean: pkg ${words.with(at, right).map(quoted).join(' ')}`;
}

function pageOf({ path }: Named): string {
  return ['pkg', ...path, '--help'].join(' ');
}
