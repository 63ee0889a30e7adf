import stringWidth from 'string-width';
import type { Paint } from '../../views/paint.ts';

/** A command line as wide as the window; where it goes on below, it is one command all the same when it is pasted. */
export function commandLines(command: string, columns: number, ink: Paint): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of wordsOf(command)) {
    const longer = line === '' ? word : `${line} ${word}`;
    // Room for the prompt before it and the backslash behind it.
    if (line !== '' && stringWidth(longer) + 4 > columns) {
      lines.push(`${line} \\`);
      line = `  ${word}`;
    } else line = longer;
  }
  return [...lines, line].map((one, at) => `${at === 0 ? ink.dim('$') : ' '} ${one}`);
}

/** What stands between quotes belongs together. */
function wordsOf(command: string): readonly string[] {
  return command.match(/(?:'[^']*'|\\.|[^\s'])+/g) ?? [];
}
