import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PkgError } from '../../error.ts';
import { explainSpawnError } from './explain-spawn-error.ts';
import { readProcess } from './process-identity.ts';
import { sealedStdio } from './sealed-stdio.ts';

/** What to start, and what it shall have: nothing else gets through. */
export type Program = {
  /** With a slash and relative: below `cwd`. Without a slash: searched in PATH of `env`. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The complete environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Descriptors to be its stdin, stdout and stderr. */
  readonly stdio: readonly ['ignore' | number, number, number];
};

export type Exit = { readonly code: number | null; readonly signal: string | null };

export type Started = {
  readonly pid: number;
  readonly startTime: number;
  readonly exit: Promise<Exit>;
  /** Lets this program end before the started one does. */
  leave(): void;
};

/** Starts a program as the leader of a session of its own, with umask 022. Throws with the reason when it cannot. */
export async function spawnApart(program: Program): Promise<Started> {
  const { file, cwd } = program;
  const run = { ...program, file: file.includes('/') ? path.resolve(cwd, file) : file };
  const child = spawnWithUmask(run);
  if (child.pid === undefined) throw cannotStart(run, await new Promise((resolve) => child.once('error', resolve)));
  const { pid } = child;
  // 'exit', not 'close': a daemon left behind may hold the output open for ever.
  const exit = new Promise<Exit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  return { pid, startTime: readProcess(pid)?.startTime ?? 0, exit, leave: () => child.unref() };
}

/** How it ended, or which of the two came first. An `abort` that fired before does not count. */
export async function exitWithin(
  exit: Promise<Exit>,
  timeoutMs: number,
  abort?: AbortSignal,
): Promise<Exit | 'timeout' | 'aborted'> {
  const over = new AbortController();
  const first = await Promise.race([
    exit,
    pause(timeoutMs, 'timeout' as const, { signal: over.signal }).catch(() => 'timeout' as const),
    aborted(abort, over.signal),
  ]);
  over.abort();
  return first;
}

/** A child takes over the umask of its parent at birth; signals and descriptors are reset by Node. */
function spawnWithUmask({ file, args, cwd, env, stdio }: Program): ChildProcess {
  const before = process.umask(0o022);
  try {
    return spawn(file, args, { cwd, env, stdio: sealedStdio(stdio), detached: true });
  } catch (error) {
    // Node throws some reasons (E2BIG) and reports others by an event (ENOENT).
    throw cannotStart({ file, cwd }, error as NodeJS.ErrnoException);
  } finally {
    process.umask(before);
  }
}

function cannotStart(run: { readonly file: string; readonly cwd: string }, cause: NodeJS.ErrnoException): PkgError {
  return new PkgError('system-failed', explainSpawnError(run, cause), { cause });
}

/** What came before ended something else, and what undoes that must run. */
function aborted(signal: AbortSignal | undefined, over: AbortSignal): Promise<'aborted'> {
  return new Promise((resolve) => {
    signal?.addEventListener('abort', () => resolve('aborted'), { once: true, signal: over });
  });
}
