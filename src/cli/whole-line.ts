import { quoted } from '../model/index.ts';
import type { Option } from './command.ts';
import { GLOBAL_OPTIONS, namesOf, takesValue } from './options.ts';
import { commandPath, ownWords } from './unparsed.ts';

/** `if that is meant: --one-way` as the whole line with that option, ready to be pasted; any other hint as it is. */
export function wholeLine(hint: string, words: readonly string[]): string {
  const [, before, told] = /^(.*: )(--[a-z].*)$/s.exec(hint) ?? [];
  const path = commandPath(words);
  const own = ownWords(words);
  // What is answered in advance may be a secret: it is not said again.
  const isAnswered = path.some(({ name }) => name === 'set') || own.some((word) => /^--set(?:=|$)/.test(word));
  if (before === undefined || told === undefined || path.length === 0 || isAnswered) return hint;
  const given = readGiven(told, [...(path.at(-1)?.options ?? []), ...GLOBAL_OPTIONS]);
  if (given === null) return hint;
  const line = [...given.reduce(withOption, own), ...words.slice(own.length)];
  return `${before}pkg ${line.map(quoted).join(' ')}`;
}

type Given = { readonly option: Option; readonly words: readonly string[] };

/** The options that are told, each with its value; null where there is something else among them. */
function readGiven(told: string, known: readonly Option[]): readonly Given[] | null {
  const given: Given[] = [];
  for (const part of told.split(/ (?=--)/)) {
    const words = part.split(/ /);
    const option = known.find((one) => namesOf(one).includes(words[0]?.replace(/=.*$/s, '') ?? ''));
    if (option === undefined || words.length !== (takesValue(option) && !part.includes('=') ? 2 : 1)) return null;
    given.push({ option, words });
  }
  return given;
}

/** At its end, or where it stands already with another value. */
function withOption(line: readonly string[], { option, words }: Given): readonly string[] {
  const [name = '', value] = words;
  const plain = name.replace(/=.*$/s, '');
  const at = line.findIndex((word) => word === plain || word.startsWith(`${plain}=`));
  if (at === -1 || option.isList === true) return [...line, ...words];
  if (value === undefined) return line.with(at, name);
  return line[at] === plain ? line.with(at + 1, value) : line.with(at, `${plain}=${value}`);
}
