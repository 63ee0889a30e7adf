/** One word of a command line of a unit: nothing in it is special to systemd any more (systemd.syntax(7)). */
export function quoteWord(word: string): string {
  const escaped = word.replaceAll(/["\\]/g, '\\$&').replaceAll(/\p{Cc}/gu, hexadecimal);
  return `"${plainText(escaped)}"`;
}

/** A command line for `ExecStart=` and its like; the colon keeps `$` from being replaced in it. */
export function commandLine([program = '', ...words]: readonly string[]): string {
  return [`:${program}`, ...words].map(quoteWord).join(' ');
}

/** A text or path as the whole value of a key: only `%` is special there. */
export function plainText(text: string): string {
  return text.replaceAll('%', '%%');
}

/** The lines of a file for `EnvironmentFile=`, which has rules of its own (systemd.exec(5)). */
export function environmentText(env: Readonly<Record<string, string>>): string {
  const lines = Object.entries(env).map(([name, value]) => `${name}="${value.replaceAll(/["\\$`]/g, '\\$&')}"\n`);
  return lines.join('');
}

function hexadecimal(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** `NAME.service`; a plus, which bundles may have in their names and units may not, is written as systemd escapes it. */
export function serviceUnit(name: string): string {
  return `${name.replaceAll('+', '\\x2b')}.service`;
}
