import fs from 'node:fs';
import path from 'node:path';
import { hideSecrets, type Launch, type Probe, type RunRecord } from '../../model/index.ts';
import { parseDuration } from '../../system/index.ts';
import { argvAs } from '../process/run-as.ts';
import { endInWords, runCommand } from '../process/run-command.ts';
import { serviceEnvironment } from '../process/service-environment.ts';
import { findLine, logFile } from '../service-log.ts';
import { probeHttp } from './probe-http.ts';
import { probeTcp } from './probe-tcp.ts';

/** What one look at a service showed. */
export type Answer = { readonly answered: boolean; readonly message: string };

/** Asks a service once by the probe it declares. A log is read from byte `logFrom` on. */
export async function probeDeclared(ready: Probe, record: RunRecord, logFrom: number): Promise<Answer> {
  const { launch } = record;
  const timeoutMs = Math.min(parseDuration(ready.timeout ?? '30s'), LONGEST_LOOK);
  if (ready.http !== undefined) return probeHttp(ready.http, ready, timeoutMs);
  if (ready.tcp !== undefined) return probeTcp(ready.tcp, timeoutMs);
  if (ready.command !== undefined) return probeCommand(ready.command, record, timeoutMs);
  if (ready.file !== undefined) return probeFile(path.resolve(launch.cwd, ready.file));
  return probeLog(launch, ready, logFrom);
}

const LONGEST_LOOK = 10_000;

/** Whether a command of the service ends with 0. */
export async function probeCommand(command: readonly string[], record: RunRecord, timeoutMs: number): Promise<Answer> {
  const title = command.join(' ');
  const { launch } = record;
  try {
    const argv = argvAs(launch, command);
    const env = serviceEnvironment(record);
    const end = await runCommand({ argv, cwd: launch.cwd, env, log: null, timeoutMs });
    const said = hideSecrets(end.tail.split('\n').at(-1) ?? '', launch.secrets);
    return { answered: end.ok, message: `${title} ${endInWords(end)}${end.ok || said === '' ? '' : `: ${said}`}` };
  } catch (error) {
    return { answered: false, message: (error as Error).message };
  }
}

function probeFile(file: string): Answer {
  const answered = fs.existsSync(file);
  return { answered, message: answered ? `${file} exists` : `${file} does not exist` };
}

function probeLog(launch: Launch, { log = '' }: Probe, from: number): Answer {
  const line = findLine(launch, from, new RegExp(log));
  if (line !== null) return { answered: true, message: line };
  return { answered: false, message: `no new line of ${logFile(launch)} matches ${log}` };
}
