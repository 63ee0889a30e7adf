import { PkgError } from '../../../error.ts';
import { type Launch, type RunRecord, serviceTitle } from '../../../model/index.ts';
import { managerOf, readRecord, writeRecord } from '../../../service/index.ts';
import { launchOf, stopRecorded, withConfig } from '../../../steps/index.ts';
import { type Layout, layoutOf } from '../../../store/index.ts';
import { holdLock } from '../../hold-lock.ts';
import type { Session } from '../../session.ts';
import type { LiveService } from '../live.ts';

/** Restarts a service with its own start options; false if somebody else had the lock and may be about to do it. */
export async function startAgain(
  service: LiveService,
  trouble: string,
  layout: Layout,
  session: Session,
): Promise<boolean> {
  const title = serviceTitle(service.name);
  const warn = (message: string): void => session.tell({ event: 'warning', message });
  try {
    await holdLock(
      { ...session, lockWait: 0 },
      async () => {
        const record = readRecord(layout.runRecord(service.name));
        if (record === null || !isSameInstance(record, service.record)) return;
        warn(`${title} ${trouble}; it is started again`);
        const { home, node } = session;
        const declared = await launchOf(layout, service.at, { home, node, recorded: record });
        const launch = await withConfig(declared, layout);
        await stopRecorded(record, session);
        const { pid } = await startOrLeaveDead(launch, record, session);
        session.tell({ event: 'note', message: `${title} ${launch.version} was started (pid ${pid})` });
      },
      layoutOf,
    );
  } catch (error) {
    if (error instanceof PkgError && error.code === 'locked') return false;
    warn(`${title} could not be started again: ${(error as Error).message}`);
  }
  return true;
}

/** What nobody has stopped is tried again later, and with the same words. */
async function startOrLeaveDead(launch: Launch, record: RunRecord, { stopWaiting }: Session): Promise<RunRecord> {
  try {
    return await managerOf(launch.service.manager ?? 'process').start(launch, stopWaiting);
  } catch (error) {
    writeRecord(launch.runFile, record);
    throw error;
  }
}

function isSameInstance(one: RunRecord, other: RunRecord | null): boolean {
  return other !== null && one.instance === other.instance && one.pid === other.pid;
}
