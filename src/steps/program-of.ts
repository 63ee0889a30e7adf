import path from 'node:path';

/** What to start for a command of a bundle: a word with a slash is its own file, a bare one is looked up in PATH. */
export function programOf(
  [program = '', ...args]: readonly string[],
  folder: string,
): { readonly file: string; readonly args: readonly string[] } {
  if (program.includes('/')) return { file: path.resolve(folder, program), args };
  // The PATH is that of the bundle, which only env(1) knows at that moment.
  return { file: '/usr/bin/env', args: [program, ...args] };
}
