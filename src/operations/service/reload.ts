import { PkgError } from '../../error.ts';
import { serviceTitle } from '../../model/index.ts';
import { logSize, managerOf, readRecord, writeRecord } from '../../service/index.ts';
import { launchOf } from '../../steps/index.ts';
import type { Session } from '../session.ts';
import type { Ended } from '../settled.ts';
import { proveReady } from './bring-up.ts';
import { changeServices, chosenServices, type Place, type ServiceOrder } from './change.ts';
import type { LiveService } from './live.ts';

/** Lets services read their files again, and asks each afterwards whether it is well. */
export function reloadServices(order: ServiceOrder, session: Session): Promise<Ended> {
  return changeServices((place) => chosenServices(order, place), reload, session);
}

async function reload(service: LiveService, { layout, session, note }: Place): Promise<boolean> {
  const { name, at, declared, record, condition } = service;
  const title = serviceTitle(name);
  if (record === null || condition.state !== 'running') {
    throw new PkgError('service-failed', `cannot reload ${title}: it does not run`, {
      hint: `pkg service start ${title}`,
    });
  }
  if (record.launch.service.reload === undefined) {
    throw new PkgError('service-failed', `cannot reload ${title}: it declares no way to`, {
      hint: `pkg service restart ${title}`,
    });
  }
  if (session.dryRun) {
    note(`${title} would be told to reload (pid ${condition.pid})`);
    return false;
  }
  const { home, node } = session;
  // Through the pointer it reads what is installed; from its own folder it stays what it is.
  const launch =
    declared.path === 'current' ? await launchOf(layout, at, { home, node, recorded: record }) : record.launch;
  const logFrom = logSize(launch);
  await managerOf(record.manager).reload(record, session.stopWaiting);
  await proveReady(launch, record, logFrom, session);
  const now = readRecord(launch.runFile) ?? record;
  writeRecord(launch.runFile, { ...now, version: launch.version, generation: launch.generation, launch });
  note(`${title} ${launch.version} has reloaded (pid ${now.pid})`);
  return true;
}
