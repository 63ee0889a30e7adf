/** A word as one would type it to a shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./^-][\w@%+=:,./^~-]*$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
