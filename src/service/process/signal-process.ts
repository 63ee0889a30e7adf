import { PkgError } from '../../error.ts';
import { isAlive, type ProcessIdentity } from '../../system/index.ts';

/** Sends a signal to exactly this process; that it is gone is fine, that it may not be signalled is thrown. */
export function signalProcess(target: ProcessIdentity, signal: string): void {
  if (!isAlive(target)) return;
  try {
    process.kill(target.pid, signal as NodeJS.Signals);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return;
    throw new PkgError('system-failed', `cannot send ${signal} to pid ${target.pid}: ${message}`, { cause: error });
  }
}
