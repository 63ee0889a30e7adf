import { setTimeout as pause } from 'node:timers/promises';
import { listProcesses, processStart } from './process-identity.ts';

/** Kills those of the group that outlived the script, and answers whom. */
export async function endGroup(group: number): Promise<readonly number[]> {
  const seen = new Set<number>();
  const deadline = performance.now() + 2_000;
  let left = membersOf(group);
  while (left.length > 0 && performance.now() < deadline) {
    for (const pid of left) seen.add(pid);
    signalGroup(group, 'SIGKILL');
    await pause(5);
    left = membersOf(group);
  }
  // One that was just leaving the group may have escaped.
  return [...seen].filter((pid) => processStart(pid) === null);
}

function membersOf(group: number): readonly number[] {
  return listProcesses().flatMap((facts) => (facts.group === group && !facts.isDead ? [facts.pid] : []));
}

/** Sends `signal` to every process of the group; none left is fine. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // The last one of the group has just gone.
  }
}
