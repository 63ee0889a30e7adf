import fs from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Run, Started } from '../../crash/program.ts';

/** How a program ended, and the most memory it had while it ran; one that does not end in its time is killed. */
export async function measured(
  { child, end }: Started,
  seconds: number,
): Promise<{ readonly run: Run; readonly peak: number }> {
  const deadline = performance.now() + seconds * 1000;
  let peak = 0;
  while (child.exitCode === null && child.signalCode === null) {
    peak = Math.max(peak, peakOf(child.pid ?? 0));
    if (performance.now() > deadline) child.kill('SIGKILL');
    await pause(20);
  }
  return { run: await end, peak };
}

function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
