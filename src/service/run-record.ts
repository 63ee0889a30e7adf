import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import type { Launch, RunRecord } from '../model/index.ts';
import { bootId, syncFolder, ticksNow, writeDurably } from '../system/index.ts';

/** The record of a service; null when it was never started. A damaged one is kept beside as `.damaged`. */
export function readRecord(runFile: string): RunRecord | null {
  let text: string;
  try {
    text = fs.readFileSync(runFile, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw new PkgError('system-failed', `cannot read ${runFile}: ${(error as Error).message}`, {
      hint: 'ask as the owner of the root',
      cause: error,
    });
  }
  const record = parse(text, runFile);
  if (record === null) setAside(runFile);
  return record;
}

/** Puts the record in place durably; only the owner of the root may read it, for settings may be secret. */
export function writeRecord(runFile: string, record: RunRecord): void {
  fs.mkdirSync(path.dirname(runFile), { recursive: true });
  writeDurably(runFile, `${JSON.stringify(record, null, 2)}\n`, 0o600);
}

/** Forgets the service; absent is fine. */
export function removeRecord(runFile: string): void {
  if (!fs.existsSync(runFile)) return;
  fs.rmSync(runFile, { force: true });
  syncFolder(path.dirname(runFile));
}

/** A record of `launch` with nothing running; what an earlier record knows of the service goes on. */
export function recordOf(launch: Launch, earlier: RunRecord | null): RunRecord {
  const { name, service, version, argv, cwd, env, port, bundleDir, generation } = launch;
  return {
    formatVersion: '1',
    ...name,
    manager: service.manager ?? 'process',
    version,
    pid: null,
    startTime: null,
    bootId: null,
    instance: null,
    argv,
    cwd,
    env,
    port,
    bundleDir,
    generation,
    enabled: earlier?.enabled ?? service.autostart ?? true,
    launch,
    readyAfterMs: earlier?.readyAfterMs ?? null,
  };
}

/** The record of an instance that is about to be started: all of it can be found by what it will be told. */
export function pendingRecord(launch: Launch): RunRecord {
  const record = recordOf(launch, readRecord(launch.runFile));
  return { ...record, instance: randomUUID(), startTime: ticksNow(), bootId: bootId() };
}

/** Records durably that nothing of the instance runs any more. */
export function noteStopped({ startFailed: _forgotten, ...record }: RunRecord): RunRecord {
  const after = { ...record, pid: null, startTime: null, bootId: null, instance: null };
  writeRecord(record.launch.runFile, after);
  return after;
}

/** Whether the instance was started and not stopped since. */
export function isStarted({ pid, instance }: RunRecord): boolean {
  return pid !== null || instance !== null;
}

function parse(text: string, runFile: string): RunRecord | null {
  const found = parseJson(text) as Partial<RunRecord> | null;
  if (typeof found !== 'object' || found === null) return null;
  if (typeof found.formatVersion === 'string' && found.formatVersion !== '1') {
    throw new PkgError('newer-format', `${runFile} has format ${found.formatVersion}, this pkg knows format 1`);
  }
  const isWhole =
    found.formatVersion === '1' && typeof found.launch === 'object' && found.launch !== null && 'pid' in found;
  // Records of an earlier program name no instance.
  return isWhole ? ({ instance: null, ...found } as RunRecord) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function setAside(runFile: string): void {
  try {
    fs.renameSync(runFile, `${runFile}.damaged`);
  } catch {
    // Whoever only looks may not be allowed to; the next who changes something is.
  }
}
