import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { styleText } from 'node:util';

export const checkout = join(import.meta.dirname, '../..');
export const program = join(checkout, 'dist/pkg.js');

type Ended = { readonly exit: number; readonly out: string; readonly talk: string };

/** A heading of the story. */
export function chapter(text: string): void {
  write(`\n${styleText('bold', text)}\n`);
}

/** A sentence of the story. */
export function tell(text: string): void {
  write(`${text}\n`);
}

/** Runs the built program on screen, and stops the story when it does not end as the story goes. */
export async function pkg(root: string, words: readonly string[], expected = 0): Promise<Ended> {
  write(`${styleText('cyan', `$ pkg ${words.map((word) => word.replace(/^.*\/(?=[^/]+\.tgz$)/, '')).join(' ')}`)}\n`);
  const ended = await run([program, '--root', root, ...words]);
  write(indent(`${ended.out}${ended.talk}`));
  if (ended.exit !== expected)
    throw new Error(`the story goes otherwise: exit ${expected} was expected, not ${ended.exit}`);
  return ended;
}

/** Runs our Node with `words` and answers all it said. */
export function run(words: readonly string[]): Promise<Ended> {
  return runFile(process.execPath, words);
}

/** Runs a program and answers all it said. */
export function runFile(file: string, words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      file,
      words,
      { env: { ...process.env, FORCE_COLOR: styleText('red', 'x') === 'x' ? '0' : '1' } },
      (error, out, talk) => {
        resolve({ exit: error === null ? 0 : Number(error.code ?? 1), out, talk });
      },
    );
  });
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function write(text: string): void {
  process.stdout.write(text);
}
