/**
 * A text for a terminal. Colours are ours; what else could move the cursor, turn letters round or hide between them
 * stands in a name or message that somebody else wrote, and is spelled out.
 */
export function harmless(text: string): string {
  return text.replaceAll(UNSEEN, (unseen) => {
    const code = (unseen.codePointAt(0) ?? 0).toString(16);
    return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, '0')}`;
  });
}

/** A line that somebody else printed, for a screen that counts its letters: without colours, and harmless. */
export function visible(line: string): string {
  return harmless(line.replaceAll(COLOUR, '').replace(/\r$/, '').replaceAll('\t', '  ').replaceAll('\n', ' '));
}

// oxlint-disable-next-line no-control-regex -- colours begin with one
const COLOUR = /\u001b\[[0-9;]*m/g;

// A CR before the end of a line moves nothing that the end does not move.
// oxlint-disable-next-line no-control-regex
const UNSEEN = /\u001b(?!\[[0-9;]*m)|(?![\t\n\u001b]|\r(?:\n|$))\p{Cc}|\p{Cf}/gu;
