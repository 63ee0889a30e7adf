import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { listProcesses, readText } from '../../system/index.ts';
import { RUNIT_SERVICES } from './run.ts';

/** What runsv says of a service; `unserved` where no runsv keeps it. */
export type Kept =
  | { readonly state: 'run'; readonly pid: number }
  | { readonly state: 'down' | 'unserved'; readonly text: string };

/** Asks the runsv of a service. A no is an answer. */
export async function sv(
  words: readonly string[],
  folder: string,
): Promise<{ readonly ok: boolean; readonly text: string }> {
  const { execa } = await import('execa');
  const run = await execa('sv', [...words, folder], { reject: false, stdin: 'ignore', all: true, timeout: 60_000 });
  return { ok: run.exitCode === 0, text: run.all || (run.shortMessage ?? '') };
}

/** Whether a runsvdir serves the folder, as it does not early in a boot. */
export function isServed(): boolean {
  return listProcesses().some(({ pid, isDead }) => {
    const [program = '', ...words] = readText(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
    if (isDead || path.basename(program) !== 'runsvdir' || !words.includes(RUNIT_SERVICES)) return false;
    return isOurFolder(pid);
  });
}

/**
 * A runsvdir in a container serves another folder of this name. Links are followed on our side: an absolute one would
 * lead from there to here. What we may not look into is taken for ours.
 */
function isOurFolder(runsvdir: number): boolean {
  try {
    const folder = fs.realpathSync(RUNIT_SERVICES);
    const [ours, theirs] = [fs.statSync(folder), fs.statSync(`/proc/${runsvdir}/root${folder}`)];
    return ours.dev === theirs.dev && ours.ino === theirs.ino;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/** How a service is kept now. */
export async function keptBy(folder: string): Promise<Kept> {
  const { text } = await sv(['status'], folder);
  const [, pid] = /^run: .*\(pid (\d+)\)/.exec(text) ?? [];
  if (pid !== undefined) return { state: 'run', pid: Number(pid) };
  return { state: /^(down|finish): /.test(text) ? 'down' : 'unserved', text };
}

/** Waits until it is kept as asked for; false when it is not by then. */
export async function isKeptWithin(ms: number, folder: string, as: (kept: Kept) => boolean): Promise<boolean> {
  const deadline = performance.now() + ms;
  for (let wait = 20; !as(await keptBy(folder)); wait = Math.min(wait * 2, 250)) {
    if (performance.now() > deadline) return false;
    await pause(wait);
  }
  return true;
}

/** The link in the folder that runsvdir serves. */
export function servedAt(name: string): string {
  return path.join(RUNIT_SERVICES, name);
}
