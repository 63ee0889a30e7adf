import { PkgError } from '../../error.ts';
import { type Launch, type RunRecord, serviceTitle } from '../../model/index.ts';
import {
  logTail,
  lookAtUnits,
  managerOf,
  putUnitsBack,
  readRecord,
  recordOf,
  removeRecord,
  type UnitsBefore,
  unitOf,
  writeRecord,
} from '../../service/index.ts';
import { startReady, stopRecorded, untilReady } from '../../steps/index.ts';
import { layoutOf } from '../../store/index.ts';
import type { Session } from '../session.ts';

/**
 * Starts exactly this and returns when it is ready; if it does not get ready, it is stopped again. New words that never
 * worked are kept nowhere, so that neither a boot nor an upgrade uses them.
 */
export async function bringUp(launch: Launch, session: Session, o = { hasNewWords: false }): Promise<RunRecord> {
  await refuseUnusable(launch);
  const before = o.hasNewWords ? lookAtKept(launch) : null;
  try {
    return await startReady(launch, waitingFor(session));
  } catch (error) {
    const failed = readRecord(launch.runFile);
    if (failed !== null) await stopRecorded(failed, session);
    if (before !== null) await putKeptBack(launch, before);
    else if (failed !== null) writeRecord(launch.runFile, failedRecord(launch, failed));
    throw withLog(error, launch);
  }
}

/** What lasts of a service when it ends: its record and, with some managers, its unit. */
type Kept = { readonly record: RunRecord | null; readonly units: UnitsBefore };

function lookAtKept(launch: Launch): Kept {
  const unit = unitOf(launch);
  return { record: readRecord(launch.runFile), units: unit === null ? [] : lookAtUnits([unit]) };
}

async function putKeptBack({ runFile }: Launch, { record, units }: Kept): Promise<void> {
  await putUnitsBack(units);
  if (record === null) removeRecord(runFile);
  else writeRecord(runFile, record);
}

/** Whoever tries again need not know with which words it was started. */
function failedRecord(launch: Launch, record: RunRecord): RunRecord {
  return { ...recordOf(launch, record), startFailed: true };
}

/** Waits for the declared answer of the service; without it, the error ends with the last lines of its log. */
export async function proveReady(launch: Launch, record: RunRecord, logFrom: number, session: Session): Promise<void> {
  try {
    await untilReady(launch, record, { logFrom, world: waitingFor(session) });
  } catch (error) {
    throw withLog(error, launch);
  }
}

/** `1.2.0 is ready after 120 ms (pid 4711, port 8080)` */
export function startedInWords({ version, pid, port, readyAfterMs }: RunRecord): string {
  return `${version} is ready after ${readyAfterMs} ms (pid ${pid}${port === null ? '' : `, port ${port}`})`;
}

/** There is no transaction to undo, so the first signal already ends the wait. */
function waitingFor({ root, tell, stopWaiting }: Session): Parameters<typeof startReady>[1] {
  return { layout: layoutOf(root), tell, interruptHooks: () => stopWaiting };
}

function withLog(error: unknown, launch: Launch): unknown {
  if (!(error instanceof PkgError) || error.code !== 'not-ready' || error.message.includes('\n')) return error;
  const { code, message, hint, details } = error;
  return new PkgError(code, `${message}${logTail(launch)}`, { ...(hint === undefined ? {} : { hint }), details });
}

async function refuseUnusable({ name, service }: Launch): Promise<void> {
  const manager = service.manager ?? 'process';
  const why = await managerOf(manager).unusable();
  if (why === null) return;
  throw new PkgError('manager-missing', `cannot start ${serviceTitle(name)}: ${manager} cannot be used: ${why}`);
}
