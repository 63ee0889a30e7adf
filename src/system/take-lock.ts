import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { PkgError } from '../error.ts';

/** Who holds a lock, as the next one reads it. `since` is an ISO time. */
export type LockHolder = { readonly pid: number; readonly command: string; readonly since: string };

export type LockOptions = {
  /** Milliseconds to wait for another holder; 0 = do not wait. */
  readonly wait: number;
  readonly holder: LockHolder;
  /** Gives up waiting. */
  readonly abort?: AbortSignal;
};

/** A lock that is held until `release`, or until this process ends in whatever way. */
export type Lock = { release(): void };

/** Takes the lock `file`, or throws `locked` with the words who holds it and since when. */
export async function takeLock(file: string, options: LockOptions): Promise<Lock> {
  // Opened close-on-exec: no hook or service inherits the descriptor, and with it the lock.
  const descriptor = openLockFile(file);
  try {
    if (!(await lockNow(descriptor, file, options.abort))) {
      if (options.wait <= 0 || !(await lockWithin(options.wait, descriptor, file, options.abort)))
        throw await busy(file);
    }
    writeHolder(descriptor, options.holder);
  } catch (error) {
    fs.closeSync(descriptor);
    throw error;
  }
  return { release: once(() => letGo(descriptor)) };
}

function openLockFile(file: string): number {
  try {
    return fs.openSync(file, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o644);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? '';
    if (!['EROFS', 'EACCES', 'EPERM'].includes(reason)) throw error;
    throw new PkgError('read-only', `cannot lock ${file}: ${(error as Error).message}`, { cause: error });
  }
}

function lockNow(descriptor: number, file: string, abort?: AbortSignal): Promise<boolean> {
  return flock(['-n'], descriptor, file, abort);
}

function lockWithin(wait: number, descriptor: number, file: string, abort?: AbortSignal): Promise<boolean> {
  return flock(['-w', (wait / 1000).toFixed(3)], descriptor, file, abort);
}

const BUSY = 75;

/**
 * flock(1) locks the descriptor it inherits as 3. The lock belongs to the open file, which is also ours: it stays
 * when flock ends, and goes when the last descriptor is closed, also by SIGKILL.
 */
function flock(patience: readonly string[], descriptor: number, file: string, abort?: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn('flock', ['-x', ...patience, '-E', String(BUSY), '3'], {
      stdio: ['ignore', 'ignore', 'ignore', descriptor],
      ...(abort === undefined ? {} : { signal: abort }),
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(abort?.aborted ? interrupted(file) : noFlock(file, error)),
    );
    child.on('exit', (code, signal) => {
      if (code === 0) resolve(true);
      else if (code === BUSY) resolve(false);
      // A Ctrl-C reaches flock as well as us.
      else if (signal !== null) reject(interrupted(file, signal));
      else reject(new PkgError('system-failed', `cannot lock ${file}: flock ended with exit status ${code}`));
    });
  });
}

function interrupted(file: string, signal: NodeJS.Signals = 'SIGINT'): PkgError {
  return new PkgError('interrupted', `interrupted while waiting for ${file}; nothing was changed`, {
    exit: signal === 'SIGTERM' ? 143 : 130,
  });
}

function noFlock(file: string, cause: NodeJS.ErrnoException): PkgError {
  const reason = cause.code === 'ENOENT' ? 'the program flock is missing' : cause.message;
  return new PkgError('system-failed', `cannot lock ${file}: ${reason}`, { hint: 'install util-linux', cause });
}

async function busy(file: string): Promise<PkgError> {
  const holder = await holderSoon(file);
  const who =
    holder === null ? 'another process' : `pid ${holder.pid} \`${holder.command}\` since ${clock(holder.since)}`;
  return new PkgError('locked', `cannot lock ${file}: held by ${who}`, {
    hint: 'to wait for it: --wait=5m',
    details: holder,
  });
}

// Whoever has just taken the lock has not said so yet; on a full disk nobody ever does.
async function holderSoon(file: string): Promise<LockHolder | null> {
  for (let tries = 0; tries < 50 && readHolder(file) === null; tries++) await pause(20);
  return readHolder(file);
}

/** Who says to hold the lock `file`; null when nobody does, or has not said so yet. */
export function readHolder(file: string): LockHolder | null {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as LockHolder;
  } catch {
    return null;
  }
}

function clock(iso: string): string {
  const time = new Date(iso);
  return [time.getHours(), time.getMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Words for others only: a full disk must not keep anybody from the lock, and so from recovering. */
function writeHolder(descriptor: number, holder: LockHolder | null): void {
  const text = Buffer.from(holder === null ? '' : `${JSON.stringify(holder)}\n`);
  try {
    fs.ftruncateSync(descriptor, 0);
    fs.writeSync(descriptor, text, 0, text.length, 0);
  } catch {
    // The next one reads "another process" instead of our name.
  }
}

function letGo(descriptor: number): void {
  // Else the next one that finds the lock busy could read our name for a moment.
  writeHolder(descriptor, null);
  fs.closeSync(descriptor);
}

/** A second close would hit whoever was given the same descriptor number meanwhile. */
function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
