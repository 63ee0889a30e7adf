import { nearestWord, quoted } from '../model/index.ts';
import { ownWords } from './unparsed.ts';

/** `did you mean web?` as the whole line that was meant, ready to be pasted; any other hint as it is. */
export function meantLine(hint: string, words: readonly string[]): string {
  const [, meant] = /^did you mean (\S+)\?$/.exec(hint) ?? [];
  // What stands behind = may be a secret: it is not said again.
  if (meant === undefined || words.some((word) => /^[^-].*=/s.test(word))) return hint;
  const own = ownWords(words);
  const lines = words.flatMap((word, at) => {
    // Behind the command of `exec -- perl` everything is its own.
    if (word.startsWith('-') || at > own.length + 1) return [];
    const wrong = word.split(/[@/]/).find((part) => part !== meant && nearestWord(part, [meant]) !== null);
    return wrong === undefined
      ? []
      : [
          words.with(
            at,
            word.replace(wrong, () => meant),
          ),
        ];
  });
  const [line] = lines;
  return line === undefined || lines.length > 1 ? hint : `did you mean: pkg ${line.map(quoted).join(' ')}`;
}
