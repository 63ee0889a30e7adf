import fs from 'node:fs';
import path from 'node:path';

/**
 * Processes that a run of the program on `root` left alive and that are no service: hooks, what they started, and what
 * carries their output. Known by their variables, or, where they wrote over those, by where they stand and what they hold
 * open.
 */
export function findHooks(root: string): readonly number[] {
  const since = startOf(process.pid);
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && startOf(pid) >= since && isOf(pid, root));
}

function isOf(pid: number, root: string): boolean {
  const environment = readProc(pid, 'environ').split('\0');
  const isService = environment.some((one) => one.startsWith('PKG_INSTANCE='));
  const isHook =
    environment.includes(`PKG_ROOT=${root}`) && environment.some((one) => one.startsWith('PKG_TRANSACTION='));
  const places = ['cwd', ...namesIn(pid, 'fd').map((name) => `fd/${name}`)];
  return isHook || (!isService && places.some((place) => isBelow(linkOf(pid, place), path.join(root, 'transactions'))));
}

/** Ticks since boot; nothing for one that is dead, or only waits to be collected. */
function startOf(pid: number): number {
  const fields = readProc(pid, 'stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  return /[ZX]/.test(fields[0] ?? '') ? Number.NaN : Number(fields[19]);
}

function isBelow(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

function linkOf(pid: number, name: string): string {
  try {
    return fs.readlinkSync(`/proc/${pid}/${name}`);
  } catch {
    return '';
  }
}

function namesIn(pid: number, folder: string): readonly string[] {
  try {
    return fs.readdirSync(`/proc/${pid}/${folder}`);
  } catch {
    return [];
  }
}

function readProc(pid: number, name: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
