import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export type Run = { readonly seconds: number; readonly stdout: string };

/** Runs a command to its end; one that fails ends the bench, for a number of it would say nothing. */
export function run(command: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
  const [program = '', ...words] = command;
  const began = performance.now();
  const done = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 1e9, env: { ...process.env, ...env } });
  const seconds = (performance.now() - began) / 1000;
  if (done.status === 0) return { seconds, stdout: done.stdout };
  throw new Error(
    `${command.join(' ')}: ${done.error?.message ?? `exit ${done.status}`}\n${done.stdout}${done.stderr}`,
  );
}

/** The same with the most memory it had at a time, in MB; null where `time` is missing. */
export function runWatched(command: readonly string[]): Run & { readonly peak: number | null } {
  if (!has('time')) return { ...run(command), peak: null };
  const notes = join(tmpdir(), `pkg-bench-peak-${process.pid}`);
  const done = run(['/usr/bin/time', '-f', '%M', '-o', notes, ...command]);
  return { ...done, peak: Number(readFileSync(notes, 'utf8')) / 1024 };
}

/** What others left to be written must not be waited for inside a measurement. */
export function settle(): void {
  spawnSync('sync');
}

export function has(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, program)));
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below = 0, above = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (below + above) / 2;
}
