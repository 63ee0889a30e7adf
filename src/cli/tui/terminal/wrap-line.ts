import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

// oxlint-disable-next-line no-control-regex -- colours begin with one
const COLOUR = /(\u001b\[[0-9;]*m)/;
const RESET = '\u001b[0m';

/** A line, coloured or not, in as many as it needs; each but the first begins further right than the first. */
export function wrapLine(line: string, columns: number): readonly string[] {
  // Most lines are short, and there may be thousands of them at every key.
  if (line.length <= columns / 2) return [line];
  const text = stripVTControlCharacters(line);
  if (stringWidth(text) <= columns) return [line];
  const indent = ' '.repeat(Math.min(/^ */.exec(text)?.[0].length ?? 0, columns / 4) + 4);
  const lines: string[] = [];
  let [begun, used, colours] = ['', 0, ''];
  for (const piece of line.split(COLOUR).flatMap(words)) {
    if (COLOUR.test(piece)) {
      colours = /\[(?:0|22|39)m$/.test(piece) ? '' : colours + piece;
      begun += piece;
      continue;
    }
    const isTooLong = used > indent.length && used + stringWidth(piece.trimEnd()) > columns;
    if (isTooLong) {
      lines.push(begun.trimEnd() + (colours === '' ? '' : RESET));
      [begun, used] = [indent + colours, indent.length];
    }
    const added = isTooLong ? piece.trimStart() : piece;
    begun += added;
    used += stringWidth(added);
  }
  return [...lines, begun];
}

/** A colour as it is, everything else as words with the space behind them. */
function words(piece: string): readonly string[] {
  return COLOUR.test(piece) ? [piece] : (piece.match(WORD) ?? []);
}

// Chinese and Japanese have no spaces: there, a line may end behind each letter.
const WORD = /\s*(?:[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}][\p{P}\p{Lm}]*|[^\s\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]+)\s?|\s+/gu;
