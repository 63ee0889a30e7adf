import { stripVTControlCharacters } from 'node:util';

/** A line that somebody else printed, without anything that could move the cursor or change the terminal. */
export function visible(line: string): string {
  return stripVTControlCharacters(line)
    .replaceAll('\t', '  ')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '');
}
