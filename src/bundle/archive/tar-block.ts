/** What tar counts in: every header is one block, content is filled up to whole ones. */
export const BLOCK = 512;

/** The largest size that the eleven octal digits of a classic header can say. */
export const MOST_OCTAL_SIZE = 0o77777777777;

/** Zero bytes between the end of an entry of this size and the next header. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** The sum over the header with its own field read as blanks. */
export function headerChecksum(block: Uint8Array): number {
  let sum = 8 * 0x20;
  for (let at = 0; at < BLOCK; at += 1) {
    if (at < 148 || at >= 156) sum += block[at] ?? 0;
  }
  return sum;
}
