import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { PkgError } from '../error.ts';
import {
  type Exit,
  endGroup,
  exitWithin,
  findProcesses,
  openNameless,
  type Started,
  signalGroup,
  spawnApart,
} from '../system/index.ts';
import { openCappedLog } from './capped-log.ts';

export type HookRun = {
  /** Absolute path; nothing is searched in PATH. */
  readonly file: string;
  readonly args: readonly string[];
  /** The complete environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What it reads on stdin; nothing by default. */
  readonly input?: string;
  readonly log: string;
  readonly timeoutMs: number;
  /** How long a hook may tidy up between SIGTERM and SIGKILL. */
  readonly graceMs?: number;
  readonly logCapBytes?: number;
  /** Secrets, which its log shows as ***. */
  readonly secrets?: readonly string[];
  onStart?(pid: number): void;
  /** Ends the hook like a timeout does, when it fires while the hook runs. */
  readonly abort?: AbortSignal;
};

export type HookEnd = {
  readonly ok: boolean;
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly tail: string;
  /** Processes of its group that outlived it, and were ended. */
  readonly ended: readonly number[];
  /** Processes that left its group and are still running. */
  readonly survivors: readonly number[];
};

/** Runs one script to its end, and ends what is left of its process group. Throws only when it could not be started. */
export async function runHook(run: HookRun): Promise<HookEnd> {
  // An earlier interruption ended something else, and this hook may be what undoes that.
  const before = run.abort?.aborted ?? false;
  const log = openCappedLog(run.log, { capBytes: run.logCapBytes ?? 16 << 20, secrets: run.secrets ?? [] });
  let end: Omit<HookEnd, 'tail'>;
  try {
    end = await runToEnd(run, log.descriptor, before);
  } catch (error) {
    await log.finish();
    throw error;
  }
  return { ...end, tail: await log.finish() };
}

async function runToEnd(run: HookRun, output: number, wasAskedBefore: boolean): Promise<Omit<HookEnd, 'tail'>> {
  const hook = await start(run, output);
  const { code, signal, stopped } = await waitFor(hook, run, wasAskedBefore);
  const ended = await endGroup(hook.pid);
  const survivors = findSurvivors(run.env, hook.startTime);
  return { ok: code === 0 && stopped === null, code, signal, timedOut: stopped === 'timeout', ended, survivors };
}

async function start(run: HookRun, output: number): Promise<Started> {
  const { file, args, env, cwd } = run;
  const input = run.input === undefined ? null : openNameless(run.input);
  try {
    const hook = await spawnApart({ file, args, env, cwd, stdio: [input ?? 'ignore', output, output] });
    run.onStart?.(hook.pid);
    return hook;
  } catch (error) {
    throw error instanceof PkgError ? new PkgError('hook-failed', error.message, { cause: error.cause }) : error;
  } finally {
    if (input !== null) fs.closeSync(input);
  }
}

async function waitFor(
  hook: Started,
  run: HookRun,
  wasAskedBefore: boolean,
): Promise<Exit & { readonly stopped: 'timeout' | 'aborted' | null }> {
  const isAskedMeanwhile = !wasAskedBefore && run.abort?.aborted === true;
  const first = isAskedMeanwhile ? 'aborted' : await exitWithin(hook.exit, run.timeoutMs, run.abort);
  if (typeof first === 'object') return { ...first, stopped: null };
  return { ...(await endHook(hook, run.graceMs ?? 10_000)), stopped: first };
}

/** SIGTERM to the whole group, time to tidy up, SIGKILL. */
async function endHook(hook: Started, graceMs: number): Promise<Exit> {
  signalGroup(hook.pid, 'SIGTERM');
  const stop = new AbortController();
  const killer = pause(graceMs, undefined, { signal: stop.signal }).then(
    () => signalGroup(hook.pid, 'SIGKILL'),
    () => undefined,
  );
  const exit = await hook.exit;
  stop.abort();
  await killer;
  return exit;
}

/** A process in a session of its own is known by its transaction or scratch folder, and by its later start. */
function findSurvivors(env: HookRun['env'], since: number): readonly number[] {
  const { PKG_TRANSACTION, PKG_ROOT, PKG_SCRATCH } = env;
  if (PKG_TRANSACTION === undefined || PKG_ROOT === undefined) return [];
  return findProcesses({ PKG_TRANSACTION, PKG_ROOT }, PKG_SCRATCH)
    .filter((facts) => facts.startTime >= since)
    .map((facts) => facts.pid);
}
