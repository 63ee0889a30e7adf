import type { Command } from './command.ts';
import { commands } from './commands/index.ts';
import { GLOBAL_OPTIONS } from './options.ts';
import type { RootWords } from './repeat-root.ts';
import type { Color } from './views/paint.ts';

// What can be told of words that nobody has parsed: they may be what is wrong.

/** As much of the words as is a command of ours: `config list web` is config and its list. */
export function commandPath(words: readonly string[]): readonly Command[] {
  const path: Command[] = [];
  for (const [at, word] of ownWords(words).entries()) {
    if (word.startsWith('-') || isValue(words[at - 1])) continue;
    const below = path.length === 0 ? commands : (path.at(-1)?.subcommands ?? []);
    const found = below.find(({ name }) => name === word);
    if (found === undefined) return path;
    path.push(found);
  }
  return path;
}

/** The words before `--`: behind it stand those of somebody else's command. */
export function ownWords(words: readonly string[]): readonly string[] {
  return words.includes('--') ? words.slice(0, words.indexOf('--')) : words;
}

/** `--root list`: a folder of that name, and no command. */
export function isValue(before: string | undefined): boolean {
  return GLOBAL_OPTIONS.some(({ flags }) => flags.includes('<') && flags.split(' ')[0] === before);
}

export function wantsJson(words: readonly string[]): boolean {
  return ownWords(words).includes('--json');
}

/** `--root DIR`, the last one given. */
export function rootWordsIn(words: readonly string[]): RootWords {
  const root = valueIn(words, '--root');
  return root === undefined || root === '' ? [] : ['--root', root];
}

export function colorIn(words: readonly string[]): Color {
  const color = valueIn(words, '--color');
  return color === 'always' || color === 'never' ? color : 'auto';
}

function valueIn(words: readonly string[], option: string): string | undefined {
  const own = ownWords(words);
  const at = own.findLastIndex((word) => word === option || word.startsWith(`${option}=`));
  return own[at] === option ? own[at + 1] : own[at]?.slice(option.length + 1);
}
