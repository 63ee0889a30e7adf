import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { PkgError } from '../error.ts';
import { sealedStdio } from './sealed-stdio.ts';

type Surroundings = { readonly env: Readonly<Record<string, string>>; readonly log: string };

/**
 * Starts a program that lives on by itself: a session of its own, no terminal, nothing of ours open but its log.
 * Answers its process id once it runs.
 */
export async function startAlone(argv: readonly string[], { env, log }: Surroundings): Promise<number> {
  const [program = '', ...words] = argv;
  const descriptor = fs.openSync(log, 'a', 0o600);
  try {
    const stdio = sealedStdio(['ignore', descriptor, descriptor]);
    const child = spawn(program, words, { cwd: '/', env, stdio, detached: true });
    child.unref();
    return await new Promise<number>((resolve, reject) => {
      child.once('spawn', () => resolve(child.pid ?? 0));
      child.once('error', (cause) => reject(cannotStart(program, cause)));
    });
  } finally {
    fs.closeSync(descriptor);
  }
}

function cannotStart(program: string, cause: Error): PkgError {
  return new PkgError('system-failed', `cannot start ${program}: ${cause.message}`, { cause });
}
