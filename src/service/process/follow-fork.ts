import { setTimeout as pause } from 'node:timers/promises';
import { type Code, PkgError } from '../../error.ts';
import type { RunRecord } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';
import { type Exit, exitWithin, type ProcessIdentity, parseDuration } from '../../system/index.ts';
import { noteStopped, writeRecord } from '../run-record.ts';
import { logTail } from '../service-log.ts';
import { endInstance } from './end-instance.ts';
import { findInstance } from './find-instance.ts';
import { pidInFile } from './pid-file.ts';
import { endInWords } from './run-command.ts';

/** A program that was started just now, and is expected to end soon. */
export type Launched = {
  readonly record: RunRecord;
  readonly exit: Promise<Exit>;
  /** Bytes of its log that were there before. */
  readonly logFrom: number;
};

/** Waits until a program that puts itself into the background has done so, and records who stays. */
export async function followFork(launched: Launched, abort: AbortSignal): Promise<RunRecord> {
  const { record } = launched;
  const deadline = performance.now() + parseDuration(record.launch.service.ready?.timeout ?? '30s');
  try {
    await untilItLeaves(launched, deadline, abort);
    const followed = { ...record, ...(await daemonOf(launched, deadline)) };
    writeRecord(record.launch.runFile, followed);
    return followed;
  } catch (error) {
    await endInstance(record);
    noteStopped(record);
    throw error;
  }
}

async function untilItLeaves(launched: Launched, deadline: number, abort: AbortSignal): Promise<void> {
  const { record, exit } = launched;
  for (;;) {
    const end = await exitWithin(exit, 50, abort);
    if (end === 'aborted') throw fails('interrupted', launched, 'was interrupted while it started');
    if (end !== 'timeout') {
      if (end.code === 0) return;
      throw fails('service-failed', launched, `${endInWords({ ...end, cut: null })} before it was in the background`);
    }
    // A pid file that names the first process, or a first process that never ends: it is not going anywhere.
    if (pidInFile(record.launch) === record.pid || performance.now() > deadline) {
      throw fails('wrong-fork-expectation', launched, 'stays in front, but declares `forks`');
    }
  }
}

async function daemonOf(launched: Launched, deadline: number): Promise<ProcessIdentity> {
  for (;;) {
    const found = findInstance(launched.record);
    if (found.kind === 'ours') return found.identity;
    if (performance.now() > deadline) {
      throw fails('wrong-fork-expectation', launched, `declares \`forks\`, but ${whatIsMissing(launched.record)}`);
    }
    await pause(50);
  }
}

/** Programs that write a title over their environment are known by nothing but a pid file or a port. */
function whatIsMissing({ launch: { service }, port }: RunRecord): string {
  const { pidFile } = service;
  if (pidFile !== undefined) return `left no process behind, and ${pidFile} names no process of it`;
  if (port !== null) return 'left no process behind';
  return 'nothing tells which process is its own, and one may run on: let it write a `pidFile`';
}

function fails(code: Code, { record: { launch }, logFrom }: Launched, what: string): PkgError {
  const title = serviceTitle(launch.name);
  return new PkgError(code, `${title} ${what}${logTail(launch, logFrom)}`, {
    hint: `pkg logs ${title}`,
    details: { log: launch.log },
  });
}
