import { setTimeout as pause } from 'node:timers/promises';
import type { RunRecord } from '../../model/index.ts';
import { type Family, familyOf } from './family.ts';
import { signalProcess } from './signal-process.ts';

const GRACE_MS = 2_000;

/** Ends what a start that failed has left, without asking twice: it never served anybody. */
export async function endInstance(record: RunRecord, family: Family = familyOf(record)): Promise<void> {
  const asked = new Set<number>();
  const killAfter = performance.now() + GRACE_MS;
  const giveUpAfter = killAfter + GRACE_MS;
  for (let left = family.living(); left.length > 0 && performance.now() < giveUpAfter; left = family.living()) {
    const isLate = performance.now() > killAfter;
    for (const one of left) {
      if (isLate || !asked.has(one.pid)) signalProcess(one, isLate ? 'SIGKILL' : 'SIGTERM');
      asked.add(one.pid);
    }
    await pause(20);
  }
}
