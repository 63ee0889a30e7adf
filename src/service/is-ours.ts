import fs from 'node:fs';
import path from 'node:path';
import type { Launch, RunRecord } from '../model/index.ts';
import { serviceTitle } from '../model/index.ts';
import { bootId, type ProcessFacts, readProcess, readText } from '../system/index.ts';
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
  return wasToldTheInstance(pid, record) ?? (beganLater(facts, record) && runsTheProgram(pid, record.launch));
}

/** Whether the process is another instance of the same service of the same root. */
export function isSibling(pid: number, launch: Launch): boolean {
  const told = environmentOf(pid);
  return (
    told.includes(`PKG_SERVICE=${serviceTitle(launch.name)}`) && told.includes(`PKG_ROOT=${launch.env['PKG_ROOT']}`)
  );
}

function isRecorded({ pid, startTime }: ProcessFacts, record: RunRecord): boolean {
  return pid === record.pid && startTime === record.startTime && record.bootId === bootId();
}

/** null where its environment does not tell: programs that write a title over their arguments overwrite that, too. */
function wasToldTheInstance(pid: number, record: RunRecord): boolean | null {
  const told = environmentOf(pid);
  const instance = told.find((line) => line.startsWith('PKG_INSTANCE='));
  if (instance !== undefined) return instance === `PKG_INSTANCE=${record.instance}`;
  const service = told.find((line) => line.startsWith('PKG_SERVICE='));
  return service === undefined || service === `PKG_SERVICE=${serviceTitle(record.launch.name)}` ? null : false;
}

function environmentOf(pid: number): readonly string[] {
  return readText(`/proc/${pid}/environ`)?.split('\0') ?? [];
}

function beganLater({ startTime }: ProcessFacts, record: RunRecord): boolean {
  return record.startTime !== null && record.bootId === bootId() && startTime >= record.startTime;
}

function runsTheProgram(pid: number, launch: Launch): boolean {
  const program = real(path.resolve(launch.cwd, launch.argv[0] ?? ''));
  const places = [launch.bundleDir, real(launch.bundleDir)];
  const words = readText(`/proc/${pid}/cmdline`)?.split(/[\0 ]/) ?? [];
  const names = [real(`/proc/${pid}/exe`), real(`/proc/${pid}/cwd`), ...words];
  if (names.some((name) => name === program || places.some((place) => isWithin(name, place)))) return true;
  // Not for the port alone: while one instance replaces another, both may hold it.
  return pidInFile(launch) === pid && launch.port !== null && holdersOf(launch.port).includes(pid);
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
