import type { Launch, RunRecord } from '../../model/index.ts';
import { managerOf } from '../manager-of.ts';
import { type Answer, probeDeclared } from './probe-declared.ts';

/**
 * Asks the service once whether it is ready as `launch` declares it, in words for the operator; without a probe a
 * process is enough. A log is read from byte `logFrom` on.
 */
export async function probeOnce(launch: Launch, record: RunRecord, logFrom: number): Promise<Answer> {
  const { ready } = launch.service;
  if (ready !== undefined) return probeDeclared(ready, { ...record, launch }, logFrom);
  const { state, pid, because } = await managerOf(record.manager).condition(record);
  const message = because ?? (pid === null ? `it is ${state}` : `pid ${pid} is ${state}`);
  return { answered: state === 'running', message };
}
