import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { until } from './until.ts';

/** Another program that has the lock of a root, until `letGo` or the end of the test. */
export type Holder = { isHolding(): boolean; letGo(): void };

/** Takes the lock in `file` as another command would, and returns once it is held. */
export async function holdLock(file: string): Promise<Holder> {
  const holder = spawn('flock', ['-x', file, 'sh', '-c', 'echo held; exec sleep 60'], { detached: true });
  const isHolding = (): boolean => holder.exitCode === null && holder.signalCode === null;
  const letGo = (): void => {
    if (holder.pid !== undefined && isHolding()) process.kill(-holder.pid, 'SIGKILL');
  };
  onTestFinished(letGo);
  let said = '';
  holder.stdout.on('data', (part: Buffer) => (said += part.toString()));
  await until('the lock is held', () => said === 'held\n');
  return { isHolding, letGo };
}
