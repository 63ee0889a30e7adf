import { setTimeout as pause } from 'node:timers/promises';
import { type Code, PkgError } from '../error.ts';
import type { RunRecord } from '../model/index.ts';
import { serviceTitle } from '../model/index.ts';
import { type Exit, exitWithin, parseDuration, type ProcessIdentity } from '../system/index.ts';
import { endInstance } from './end-instance.ts';
import { findInstance } from './find-instance.ts';
import { pidInFile } from './pid-file.ts';
import { endInWords } from './run-command.ts';
import { noteStopped, writeRecord } from './run-record.ts';
import { logTail } from './service-log.ts';

/** Waits until a program that puts itself into the background has done so, and records who stays. */
export async function followFork(record: RunRecord, exit: Promise<Exit>, abort: AbortSignal): Promise<RunRecord> {
  const deadline = performance.now() + parseDuration(record.launch.service.ready?.timeout ?? '30s');
  try {
    refuseBadEnd(record, await endOfFirst(record, exit, { deadline, abort }));
    const followed = { ...record, ...(await daemonOf(record, deadline)) };
    writeRecord(record.launch.runFile, followed);
    return followed;
  } catch (error) {
    await endInstance(record);
    noteStopped(record);
    throw error;
  }
}

type Until = { readonly deadline: number; readonly abort: AbortSignal };

async function endOfFirst(record: RunRecord, exit: Promise<Exit>, { deadline, abort }: Until): Promise<Exit> {
  for (;;) {
    const end = await exitWithin(exit, 50, abort);
    if (typeof end === 'object') return end;
    if (end === 'aborted') throw fails('interrupted', record, 'was interrupted while it started');
    // A pid file that names the first process, or a first process that never ends: it is not going anywhere.
    if (pidInFile(record.launch) === record.pid || performance.now() > deadline) {
      throw fails('wrong-fork-expectation', record, 'stays in front, but declares `forks`');
    }
  }
}

function refuseBadEnd(record: RunRecord, end: Exit): void {
  if (end.code === 0) return;
  throw fails('service-failed', record, `${endInWords({ ...end, cut: null })} before it was in the background`);
}

async function daemonOf(record: RunRecord, deadline: number): Promise<ProcessIdentity> {
  for (;;) {
    const found = findInstance(record);
    if (found.kind === 'ours') return found.identity;
    if (performance.now() > deadline) {
      const { pidFile } = record.launch.service;
      const where = pidFile === undefined ? '' : `, and ${pidFile} names no process of it`;
      throw fails('wrong-fork-expectation', record, `declares \`forks\`, but left no process behind${where}`);
    }
    await pause(50);
  }
}

function fails(code: Code, { launch }: RunRecord, what: string): PkgError {
  const title = serviceTitle(launch.name);
  return new PkgError(code, `${title} ${what}${logTail(launch)}`, {
    hint: `pkg logs ${title}`,
    details: { log: launch.log },
  });
}
