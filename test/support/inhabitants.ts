import fs from 'node:fs';
import { listProcesses, readText } from '../../src/system/index.ts';
import { until } from './until.ts';

/**
 * The processes that live in a folder: they stand in it, run a program of it, or were started with its name among their
 * words or variables. Real daemons write over the one and the other, and all of them leave their home at times.
 */
export function inhabitantsOf(folder: string): readonly number[] {
  return listProcesses()
    .filter(({ pid, isDead }) => !isDead && pid !== process.pid && livesIn(folder, pid))
    .map(({ pid }) => pid);
}

/** Ends them all, those included that they start meanwhile. */
export async function endInhabitants(folder: string): Promise<void> {
  await until(`nobody lives in ${folder}`, () => {
    const found = inhabitantsOf(folder);
    for (const pid of found) endIfThere(pid);
    return found.length === 0;
  });
}

function livesIn(folder: string, pid: number): boolean {
  return (
    ['cwd', 'exe'].some((link) => `${readLink(`/proc/${pid}/${link}`)}/`.startsWith(`${folder}/`)) ||
    ['cmdline', 'environ'].some((text) => readText(`/proc/${pid}/${text}`)?.includes(`${folder}/`))
  );
}

function readLink(file: string): string {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}

function endIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
