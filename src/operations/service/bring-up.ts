import { PkgError } from '../../error.ts';
import { type Launch, type RunRecord, serviceTitle } from '../../model/index.ts';
import { logTail, managerOf, readRecord, recordOf, writeRecord } from '../../service/index.ts';
import { startReady, stopRecorded, untilReady } from '../../steps/index.ts';
import { layoutOf } from '../../store/index.ts';
import type { Session } from '../session.ts';

/** Starts exactly this and returns when it is ready; if it does not get ready, it is stopped again. */
export async function bringUp(launch: Launch, session: Session, o = { hasNewWords: false }): Promise<RunRecord> {
  await refuseUnusable(launch);
  const earlier = readRecord(launch.runFile);
  try {
    return await startReady(launch, waitingFor(session));
  } catch (error) {
    const failed = readRecord(launch.runFile);
    if (failed !== null) {
      await stopRecorded(failed, session);
      writeRecord(launch.runFile, o.hasNewWords ? (earlier ?? recordOf(launch, failed)) : failedRecord(launch, failed));
    }
    throw withLog(error, launch);
  }
}

/** Whoever tries again need not know with which words it was started. Words that never worked are not kept. */
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
