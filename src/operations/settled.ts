import path from 'node:path';
import { CODES, type Code, EXIT, PkgError } from '../error.ts';
import type { Result } from '../model/index.ts';
import { layoutOf, readPointer, unwritable } from '../store/index.ts';
import type { Session } from './session.ts';
import { tellError } from './tell-error.ts';

/** How a change ended, and with which exit number. */
export type Ended = { readonly result: Result; readonly exit: number };

/** Runs `work` and turns every way it can end into a told result and an exit number. */
export async function settled(session: Session, work: (noting: Session) => Promise<Result>): Promise<Ended> {
  // The exit number of an undone change is that of the error that undid it, which is told first.
  let first: string | null = null;
  const noting: Session = {
    ...session,
    tell: (event) => {
      if (event.event === 'error' && first === null) first = event.code;
      session.tell(event);
    },
  };
  try {
    const result = await work(noting);
    session.tell(result);
    return { result, exit: exitOf(result, first, session) };
  } catch (error) {
    const failure = asPkgError(error, session.root);
    tellError(failure, session);
    const result = resultOfFailure(failure, session.root);
    session.tell(result);
    return { result, exit: failure.exit };
  }
}

const UNDONE: readonly number[] = [EXIT.failed, EXIT.gate, 130, 143];

/** The result of a command that failed before its change had begun, or could not undo the one before. */
export function resultOfFailure({ code, message, hint, exit }: PkgError, root: string): Result {
  const common = { event: 'result', generation: pointedNumber(root), changes: [] } as const;
  const refusal = { code, message, ...(hint === undefined ? {} : { hint }), causes: [{ message }] };
  const outcome = outcomeOfRefusal(code);
  if (outcome === 'needs-recovery') return { ...common, outcome, refusal };
  if (exit === EXIT.needsRecovery) return { ...common, outcome: 'needs-recovery' };
  // What was unpacked by then is gone again. To ask for what is not there is refused, though it ends a look with 1.
  if (UNDONE.includes(exit) && code !== 'unknown-name') return { ...common, outcome: 'undone' };
  return { ...common, outcome, refusal };
}

/** Found before anything began: there is nothing to undo, but the root may not be whole either. */
export function outcomeOfRefusal(code: string): 'refused' | 'needs-recovery' {
  return code === 'root-damaged' ? 'needs-recovery' : 'refused';
}

function exitOf(result: Result, firstError: string | null, session: Session): number {
  switch (result.outcome) {
    case 'committed':
    case 'trial':
    case 'nothing-to-do':
      return EXIT.done;
    case 'refused':
      return result.refusal === undefined ? EXIT.refused : exitOfCode(result.refusal.code, EXIT.refused);
    case 'needs-recovery':
      return EXIT.needsRecovery;
    case 'undone':
      // Whatever else failed because of the signal, it was the signal that undid the change.
      if (session.interrupt.requested !== null) return session.interrupt.requested === 'SIGTERM' ? 143 : 130;
      return exitOfUndone(exitOfCode(firstError ?? 'step-failed', EXIT.failed));
    default:
      return result.outcome satisfies never;
  }
}

/** What would have been a refusal before BEGIN is a failure afterwards: something was touched, and is undone. */
function exitOfUndone(exit: number): number {
  return UNDONE.includes(exit) ? exit : EXIT.failed;
}

function exitOfCode(code: string, otherwise: number): number {
  return code in CODES ? CODES[code as Code].exit : otherwise;
}

/** Any error as a PkgError; errors of the operating system about the root become readable. */
export function asPkgError(error: unknown, root: string): PkgError {
  if (error instanceof PkgError) return error;
  const { code, path: file, syscall = '' } = error as NodeJS.ErrnoException;
  if (syscall === 'uv_cwd') return noFolder(error);
  if (code !== undefined && /^E[A-Z]+$/.test(code)) {
    const isOurs = file === undefined || path.resolve(file).startsWith(root);
    const isRead = READING.includes(syscall);
    return isOurs && !isRead
      ? unwritable(root, error)
      : new PkgError('system-failed', (error as Error).message, { cause: error });
  }
  return new PkgError('internal', `internal error: ${error instanceof Error ? error.message : String(error)}`, {
    cause: error,
  });
}

/** System calls that only read. */
const READING: readonly string[] = ['scandir', 'lstat', 'stat', 'readlink', 'access'];

function noFolder(cause: unknown): PkgError {
  return new PkgError('no-such-file', 'the current folder no longer exists', {
    hint: 'go to one that is there: cd /',
    cause,
  });
}

/** The number that `current` names, without reading anything else. */
export function pointedNumber(root: string): number | null {
  const pointer = readPointer(layoutOf(root));
  return pointer.kind === 'generation' ? pointer.number : null;
}
