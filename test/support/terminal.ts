import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { PROGRAM, until, type Workbench } from './pkg.ts';

/** What appears on the screen, and what the operator types then; null = nothing. */
export type Dialogue = readonly (readonly [shown: string, typed: string | null])[];

/** Runs `pkg` on a terminal of its own and answers what it asks; a question that never comes fails the test. */
export async function onTerminal(
  t: Workbench,
  words: readonly string[],
  dialogue: Dialogue,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly exit: number; readonly screen: string }> {
  const command = [process.execPath, PROGRAM, ...words].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: t.home,
    env: { PATH: process.env.PATH, HOME: t.home, LANG: 'C.UTF-8', TERM: 'dumb', PKG_ROOT: t.root, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let screen = '';
  child.stdout.on('data', (part: Buffer) => {
    screen += part.toString('utf8');
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  let seen = 0;
  for (const [shown, typed] of dialogue) {
    await until(`'${shown}' behind:\n${screen.slice(seen)}`, () => screen.indexOf(shown, seen) >= 0);
    seen = screen.indexOf(shown, seen) + shown.length;
    if (typed !== null) child.stdin.write(`${typed}\r`);
  }
  return { exit: await ended, screen };
}
