import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  descriptorPath,
  type Exit,
  endGroup,
  exitWithin,
  lastLines,
  openNameless,
  signalGroup,
  spawnApart,
} from '../../system/index.ts';

/** A command of a bundle that is meant to end: `status`, `stop.command`, a probe. */
export type CommandRun = {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** File that takes what it prints; null for commands that are repeated many times. */
  readonly log: string | null;
  readonly timeoutMs: number;
  readonly abort?: AbortSignal;
};

export type CommandEnd = Exit & {
  readonly ok: boolean;
  /** Why it was ended before it was over by itself. */
  readonly cut: 'timeout' | 'aborted' | null;
  /** The last lines it printed. */
  readonly tail: string;
};

/** Runs it to its end or its deadline. What it leaves running at its end may be the service itself, and is left alone. */
export async function runCommand(run: CommandRun): Promise<CommandEnd> {
  const output = run.log === null ? openNameless() : openLog(run.log);
  try {
    const from = fs.fstatSync(output).size;
    const [file = '', ...args] = run.argv;
    const { pid, exit } = await spawnApart({ ...run, file, args, stdio: ['ignore', output, output] });
    const end = await endWithin(pid, exit, run);
    return { ...end, ok: end.code === 0 && end.cut === null, tail: lastLines(descriptorPath(output), from) };
  } finally {
    fs.closeSync(output);
  }
}

/** `failed with exit status 3`, as the second half of a sentence. */
export function endInWords({ code, signal, cut }: Omit<CommandEnd, 'ok' | 'tail'>): string {
  if (cut === 'timeout') return 'did not end in time';
  if (cut === 'aborted') return 'was interrupted';
  return signal === null ? `ended with exit status ${code}` : `was ended by ${signal}`;
}

/** Opens a log for adding; its folder may be new. */
export function openLog(log: string): number {
  fs.mkdirSync(path.dirname(log), { recursive: true });
  return fs.openSync(log, 'a+', 0o640);
}

/** How it ended; at the deadline its whole process group is ended. */
export async function endWithin(
  pid: number,
  exit: Promise<Exit>,
  { timeoutMs, abort }: Pick<CommandRun, 'timeoutMs' | 'abort'>,
): Promise<Exit & Pick<CommandEnd, 'cut'>> {
  const first = await exitWithin(exit, timeoutMs, abort);
  if (typeof first === 'object') return { ...first, cut: null };
  signalGroup(pid, 'SIGTERM');
  await Promise.race([exit, pause(GRACE)]);
  await endGroup(pid);
  return { ...(await exit), cut: first };
}

const GRACE = 1_000;
