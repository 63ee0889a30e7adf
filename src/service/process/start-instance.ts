import fs from 'node:fs';
import { PkgError } from '../../error.ts';
import type { RunRecord } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';
import { type Started, spawnApart } from '../../system/index.ts';
import { noteStopped, writeRecord } from '../run-record.ts';
import { sizeOf } from '../service-log.ts';
import { followFork } from './follow-fork.ts';
import { argvAs } from './run-as.ts';
import { openLog } from './run-command.ts';
import { serviceEnvironment } from './service-environment.ts';
import { watchExit } from './watched-exits.ts';

/** Starts the program of a service under a pending record, and answers the record of what runs then. */
export async function startInstance(pending: RunRecord, abort: AbortSignal): Promise<RunRecord> {
  const { launch } = pending;
  const argv = argvAs(launch, launch.argv);
  // Written before: whatever happens from here on, the process can be found.
  writeRecord(launch.runFile, pending);
  const logFrom = sizeOf(launch.log);
  const program = await spawnProgram(pending, argv);
  const begun = { ...pending, pid: program.pid, startTime: program.startTime };
  writeRecord(launch.runFile, begun);
  if (launch.service.forks === true) return followFork({ record: begun, exit: program.exit, logFrom }, abort);
  watchExit(begun, program.exit);
  program.leave();
  return begun;
}

async function spawnProgram(pending: RunRecord, argv: readonly string[]): Promise<Started> {
  const { launch } = pending;
  const log = openLog(launch.log);
  try {
    const [file = '', ...args] = argv;
    const env = serviceEnvironment(pending);
    return await spawnApart({ file, args, cwd: launch.cwd, env, stdio: ['ignore', log, log] });
  } catch (error) {
    noteStopped(pending);
    const reason = (error as Error).message;
    throw new PkgError('service-failed', `cannot start ${serviceTitle(launch.name)}: ${reason}`, { cause: error });
  } finally {
    fs.closeSync(log);
  }
}
