import { commandPath, isValue, ownWords } from './unparsed.ts';

/**
 * `help service start` as `service start --help`. Where that names no command it is left to be told as the mistake that
 * it is: the help for something else would only hide it.
 */
export function helpWords(words: readonly string[]): readonly string[] {
  const own = ownWords(words);
  const isWord = (word: string, at: number): boolean => !word.startsWith('-') && !isValue(own[at - 1]);
  const first = own.findIndex(isWord);
  const isHelp = own[first] === 'help';
  if (!isHelp && !own.some(asksForHelp)) return words;
  const named = own.filter((word, at) => !(isHelp && at === first) && !asksForHelp(word));
  const path = commandPath(named);
  const next = own.filter(isWord).slice(isHelp ? 1 : 0)[path.length];
  const isUnknown = next !== undefined && (path.length === 0 || path.at(-1)?.subcommands !== undefined);
  return isUnknown ? named : [...named, '--help'];
}

function asksForHelp(word: string): boolean {
  return word === '--help' || word === '-h';
}
