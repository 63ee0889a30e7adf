import fs from 'node:fs';
import path from 'node:path';
import type { Launch, RunRecord } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';
import { bootId, type ProcessFacts, readProcess, readText } from '../../system/index.ts';
import { holdersOf } from './listeners-on.ts';
import { pidInFile } from './pid-file.ts';

/**
 * Whether the live process `pid` belongs to the instance of `record`: a pid file may be years old, a port may be held
 * by a stranger. Nothing is ever signalled that is not ours by this answer.
 */
export function isOurs(pid: number, record: RunRecord): boolean {
  const facts = readProcess(pid);
  if (facts === null || facts.isDead) return false;
  if (isRecorded(facts, record)) return true;
  const told = environmentOf(pid);
  const instance = told.find((line) => line.startsWith('PKG_INSTANCE='));
  if (instance !== undefined) return instance === `PKG_INSTANCE=${record.instance}`;
  if (!beganLater(facts, record)) return false;
  return (
    comesFromTheBundle(pid, record.launch) || isNamedAtThePort(pid, record.launch) || isRenamed(pid, record.launch)
  );
}

/** Whether the process is another instance of the same service of the same root. */
export function isSibling(pid: number, launch: Launch): boolean {
  const told = environmentOf(pid);
  return (
    told.includes(`PKG_SERVICE=${serviceTitle(launch.name)}`) && told.includes(`PKG_ROOT=${launch.env['PKG_ROOT']}`)
  );
}

function environmentOf(pid: number): readonly string[] {
  return readText(`/proc/${pid}/environ`)?.split('\0').slice(0, -1) ?? [];
}

function isRecorded({ pid, startTime }: ProcessFacts, record: RunRecord): boolean {
  return pid === record.pid && startTime === record.startTime && record.bootId === bootId();
}

function beganLater({ startTime }: ProcessFacts, record: RunRecord): boolean {
  return record.startTime !== null && record.bootId === bootId() && startTime >= record.startTime;
}

/** For programs that start the next one with an environment of its own: su, `env -i`. */
function comesFromTheBundle(pid: number, { bundleDir }: Launch): boolean {
  const words = readText(`/proc/${pid}/cmdline`)?.split(/[\0 ]/) ?? [];
  const names = [real(`/proc/${pid}/exe`), real(`/proc/${pid}/cwd`), ...words];
  return [bundleDir, real(bundleDir)].some((place) => names.some((name) => isWithin(name, place)));
}

/** The pid file names it and it listens on the port. Not the port alone: two instances may hold it for a moment. */
function isNamedAtThePort(pid: number, launch: Launch): boolean {
  return pidInFile(launch) === pid && launch.port !== null && holdersOf(launch.port).includes(pid);
}

/** Programs that write a title over their arguments (nginx, redis) overwrite the environment behind them as well. */
function isRenamed(pid: number, launch: Launch): boolean {
  const isOverwritten = environmentOf(pid).some((line) => !/^[^=]+=/.test(line));
  return isOverwritten && programOf(launch) === real(`/proc/${pid}/exe`);
}

/** A bare name is looked up as it was at the start; with a slash it is a file of the bundle. */
function programOf({ argv: [program = ''], cwd, env }: Launch): string {
  const folders = program.includes('/') ? [cwd] : (env['PATH'] ?? '').split(':');
  const files = folders.map((folder) => path.resolve(folder, program));
  return real(files.find((file) => fs.existsSync(file)) ?? program);
}

function isWithin(file: string, folder: string): boolean {
  return file === folder || file.startsWith(`${folder}/`);
}

/** What cannot be resolved is compared as it is written. */
function real(file: string): string {
  try {
    return fs.realpathSync(file);
  } catch {
    return file;
  }
}
