import { PkgError } from '../../error.ts';
import type { RunRecord } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';
import { findInstance } from './find-instance.ts';
import { runServiceCommand } from './run-service-command.ts';
import { signalProcess } from './signal-process.ts';

/** Tells the instance to read its files again. That it did is not known by this: `awaitReady` proves it. */
export async function reloadInstance(
  record: RunRecord,
  abort: AbortSignal,
  news: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { launch } = record;
  const { command, signal, timeout = '30s' } = launch.service.reload ?? {};
  if (command !== undefined) {
    const failure = await runServiceCommand(record, { title: 'reload command', command, timeout, abort, env: news });
    if (failure !== null) throw failure;
    return;
  }
  if (signal === undefined) throw cannot(record, 'it declares no `reload`');
  const found = findInstance(record);
  if (found.kind !== 'ours') throw cannot(record, 'it does not run');
  signalProcess(found.identity, signal);
}

function cannot({ launch }: RunRecord, reason: string): PkgError {
  return new PkgError('service-failed', `cannot reload ${serviceTitle(launch.name)}: ${reason}`);
}
