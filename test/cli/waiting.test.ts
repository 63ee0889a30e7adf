import fs from 'node:fs';
import { expect, test } from 'vitest';
import { holdLock } from '../support/hold-lock.ts';
import { until, workbench } from '../support/pkg.ts';

test.for([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s ends a command that waits for the lock', async ([signal, exit]) => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('a', '1.0.0'));
  const holder = await holdLock(t.at('lock'));

  const words = fs.readFileSync(t.at('lock'), 'utf8');
  const waiting = t.start(['pin', 'a', '--wait=60s']);
  await until('it waits', () => childrenOf(waiting.child.pid).some((command) => command.includes('60.000')));
  waiting.child.kill(signal);
  const ended = await waiting.ended;
  expect(ended.exit).toBe(exit);
  expect(ended.err).toContain('interrupted while waiting');
  expect(fs.readFileSync(t.at('lock'), 'utf8')).toBe(words);
  expect(holder.isHolding()).toBe(true);
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
