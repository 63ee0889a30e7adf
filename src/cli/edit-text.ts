import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Context } from './command.ts';

/** Lets the operator edit a text in $VISUAL or $EDITOR; why nothing came of it, as a sentence. */
export async function editText(
  text: Buffer,
  name: string,
  { env }: Omit<Context, 'session'>,
): Promise<Buffer | string> {
  // Of the operator alone: it may hold secrets.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-edit-'));
  const file = path.join(folder, path.basename(name));
  try {
    fs.writeFileSync(file, text, { mode: 0o600 });
    const editor = env['VISUAL'] || env['EDITOR'] || 'vi';
    const ended = await run(editor, file, env);
    return ended ?? fs.readFileSync(file);
  } catch (error) {
    return `the text cannot be edited: ${(error as Error).message}; nothing was taken`;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** $EDITOR may hold words: `code --wait`. */
function run(editor: string, file: string, env: Context['env']): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', `exec ${editor} "$1"`, 'sh', file], { stdio: 'inherit', env });
    child.once('error', (error) => resolve(`${editor} cannot be started: ${error.message}; nothing was taken`));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? null : `${editor} ended with ${signal ?? code}; nothing was taken`),
    );
  });
}
