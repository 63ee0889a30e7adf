import { isDeepStrictEqual } from 'node:util';
import { PkgError } from '../../error.ts';
import type { Launch, RunRecord } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';
import type { ServiceManager } from '../manager.ts';
import { isStarted, readRecord, writeRecord } from '../run-record.ts';
import { takesSocketOver } from '../systemd/socket.ts';
import { refreshed } from './find-instance.ts';
import { isSibling } from './is-ours.ts';
import { listenersOn } from './listeners-on.ts';

/**
 * What an earlier run left of this service, before it is started: exactly this launch is adopted and answered, anything
 * else of the recorded instance is ended. A stranger on the port is refused.
 */
export async function settleEarlier(
  launch: Launch,
  manager: Pick<ServiceManager, 'condition' | 'stop'>,
  abort: AbortSignal,
): Promise<RunRecord | null> {
  const earlier = readRecord(launch.runFile);
  if (earlier !== null && isStarted(earlier) && earlier.manager === (launch.service.manager ?? 'process')) {
    const { state } = await manager.condition(earlier);
    if (state === 'running' && isSame(earlier.launch, launch)) return adopt(earlier);
    if (takesSocketOver(earlier.launch, launch)) return null;
    await manager.stop(earlier, abort);
  }
  refuseTakenPort(launch);
  return null;
}

function adopt(earlier: RunRecord): RunRecord {
  const adopted = refreshed(earlier);
  writeRecord(earlier.launch.runFile, adopted);
  return adopted;
}

/** The generation does not count: it may go on counting while the service stays as it is. */
function isSame(one: Launch, other: Launch): boolean {
  const essence = ({ argv, cwd, version, port, bundleDir, service }: Launch) => ({
    argv,
    cwd,
    version,
    port,
    bundleDir,
    service,
  });
  return isDeepStrictEqual(essence(one), essence(other));
}

/** An instance of the same service may share its port: that is how one is replaced without a proxy. */
function refuseTakenPort(launch: Launch): void {
  // The socket is systemd's, which says itself when it cannot have it.
  if (launch.port === null || launch.service.socket !== undefined) return;
  const holder = listenersOn([launch.port]).get(launch.port);
  if (holder === undefined || (holder.pid !== null && isSibling(holder.pid, launch))) return;
  const who = holder.pid === null ? holder.command : `${holder.command} (pid ${holder.pid})`;
  throw new PkgError('port-taken', `cannot start ${serviceTitle(launch.name)}: port ${launch.port} is used by ${who}`, {
    details: { port: launch.port, pid: holder.pid },
  });
}
