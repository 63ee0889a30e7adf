import fs from 'node:fs';
import path from 'node:path';
import { type Code, PkgError } from '../../error.ts';
import type { Launch, RunRecord } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';
import { identify, lastLines, parseDuration } from '../../system/index.ts';
import { readRecord, recordOf, writeRecord } from '../run-record.ts';
import { isInPlace } from '../units/unit-files.ts';
import { placeUnits } from '../units/unit-place.ts';
import { type Said, systemctl, type UnitState, unitState } from './ask.ts';
import { unitsToStop } from './socket.ts';
import { recoverName, systemdUnit } from './unit.ts';
import { serviceUnit } from './words.ts';

/** Starts the unit anew, so that what runs is what the unit says now, and records its process. */
export async function startUnit(launch: Launch, abort: AbortSignal): Promise<RunRecord> {
  const unit = systemdUnit(launch);
  if (!isInPlace(unit)) await placeUnits([unit]);
  const service = serviceUnit(launch.unit);
  fs.mkdirSync(path.dirname(launch.log), { recursive: true });
  const from = fs.statSync(launch.log, { throwIfNoEntry: false })?.size ?? 0;
  // Attempts of the past do not count against this one.
  await systemctl(['reset-failed', ...unitsToStop(launch)]);
  const said = await systemctl(['restart', ...(await jobMode(launch)), service], {
    timeoutMs: patienceFor(launch),
    abort,
  });
  const state = await unitState(service);
  const identity = identityOf(state);
  if (said.ok && state.active === 'active' && identity !== null) {
    return noted({ ...recordOf(launch, readRecord(launch.runFile)), ...identity });
  }
  // A process that has ended since it was named: only now systemd knows how.
  const ended = state.active === 'active' ? await unitState(service) : state;
  const error = await explain(launch, { said, state: ended, from });
  // A socket that is left would start it again with the next connection.
  await systemctl(['stop', ...unitsToStop(launch)]);
  await systemctl(['reset-failed', ...unitsToStop(launch)]);
  throw error;
}

/** Records the process that systemd says is the main one. */
export function withMainProcess(record: RunRecord, state: UnitState): RunRecord {
  return noted({ ...record, ...identityOf(state) });
}

function identityOf({ mainPid }: UnitState) {
  return mainPid === null ? null : identify(mainPid);
}

function noted(record: RunRecord): RunRecord {
  writeRecord(record.launch.runFile, record);
  return record;
}

/** Our units wait for the recovery after a boot; a recovery that starts one itself would wait for its own end. */
async function jobMode(launch: Launch): Promise<readonly string[]> {
  const { active } = await unitState(serviceUnit(recoverName(launch)));
  return active === 'activating' ? ['--job-mode=ignore-dependencies'] : [];
}

/** systemd keeps the deadlines itself; this one is for a systemd that does not answer. */
function patienceFor({ service: { stop, ready } }: Launch): number {
  return parseDuration(stop?.timeout ?? '30s') + parseDuration(ready?.timeout ?? '30s') + 60_000;
}

type Failed = { readonly said: Said; readonly state: UnitState; readonly from: number };

async function explain(launch: Launch, { said, state, from }: Failed): Promise<PkgError> {
  const title = serviceTitle(launch.name);
  const options = { hint: `pkg logs ${title}`, details: { log: launch.log } };
  if (said.cut === 'aborted') return new PkgError('interrupted', `${title} was interrupted while it started`, options);
  const tail = (await printed(launch, from)).replaceAll(/^/gm, '  ');
  const [code, what] = reasonOf(launch, state);
  return new PkgError(code, `cannot start ${title}: ${what}${tail === '' ? '' : `:\n${tail}`}`, options);
}

function reasonOf({ service: { forks } }: Launch, { result, exitStatus, load }: UnitState): readonly [Code, string] {
  if (forks === true && result === 'timeout')
    return ['wrong-fork-expectation', 'it stays in front, but declares `forks`'];
  if (load !== 'loaded') return ['service-failed', `systemd says its unit is '${load}'`];
  if (result === 'success') {
    return forks === true
      ? ['service-failed', 'it ended at once']
      : [
          'wrong-fork-expectation',
          'its first process ended well at once; if it went into the background, it must declare `forks`',
        ];
  }
  const code = forks !== true && wasRunning(result, exitStatus) ? 'not-ready' : 'service-failed';
  return [code, `systemd says '${result}', it ended with ${exitStatus}`];
}

/** From here on they are systemd's own: what it could not prepare, and a program that it could not execute. */
const LEAST_OWN_STATUS = 200;

/** A program that began and ended is not ready, whether systemd heard of the end before it told of the start or after. */
function wasRunning(result: string, exitStatus: UnitState['exitStatus']): boolean {
  if (result !== 'exit-code') return result === 'signal' || result === 'core-dump';
  return exitStatus < LEAST_OWN_STATUS;
}

/** What the program printed, or else what systemd has to say about it. */
async function printed({ log, unit }: Launch, from: number): Promise<string> {
  const own = fs.existsSync(log) ? lastLines(log, from) : '';
  if (own !== '') return own;
  const words = ['--no-pager', '--quiet', '--output=cat', '--lines=5', `--unit=${serviceUnit(unit)}`];
  const { execa } = await import('execa');
  const journal = await execa('journalctl', words, { reject: false, stdin: 'ignore', timeout: 5_000 });
  return journal.exitCode === 0 ? journal.stdout : '';
}
