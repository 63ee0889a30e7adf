import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { until, workbench } from '../support/pkg.ts';

test.for([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s ends a command that waits for the lock', async ([signal, exit]) => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
  const holder = spawn('flock', ['-x', t.at('lock'), 'sh', '-c', 'echo held; exec sleep 60'], { detached: true });
  onTestFinished(() => void (holder.pid !== undefined && process.kill(-holder.pid, 'SIGKILL')));
  let said = '';
  holder.stdout.on('data', (part: Buffer) => (said += part.toString()));
  await until('the lock is held', () => said === 'held\n');

  const words = fs.readFileSync(t.at('lock'), 'utf8');
  const waiting = t.start(['pin', 'a', '--wait=60s']);
  await until('it waits', () => childrenOf(waiting.child.pid).some((command) => command.includes('60.000')));
  waiting.child.kill(signal);
  const ended = await waiting.ended;
  expect(ended.exit).toBe(exit);
  expect(ended.err).toContain('interrupted while waiting');
  expect(fs.readFileSync(t.at('lock'), 'utf8')).toBe(words);
  expect(holder.exitCode).toBeNull();
});

/** The command lines of what `pid` has started. */
function childrenOf(pid: number | undefined): readonly string[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return children.map((child) => read(`/proc/${child}/cmdline`).replaceAll('\0', ' '));
}

/** A process may end while it is looked at. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
