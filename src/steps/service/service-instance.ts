import { PkgError } from '../../error.ts';
import { type RunRecord, type ServiceAt, serviceTitle } from '../../model/index.ts';
import { managerOf, readRecord, removeRecord, writeRecord } from '../../service/index.ts';
import type { World } from '../world.ts';

/** What steps on services use of the world. */
export type ServiceWorld = Pick<World, 'tell' | 'interruptHooks'>;

/** Whether the recorded instance lives. */
export async function isRunning(record: RunRecord | null): Promise<boolean> {
  return record !== null && (await managerOf(record.manager).condition(record)).state === 'running';
}

/** The record of a service that must be alive for what is wanted of it. */
export async function runningRecord({ name }: ServiceAt, { layout }: World, what: string): Promise<RunRecord> {
  const record = readRecord(layout.runRecord(name));
  if (record !== null && (await isRunning(record))) return record;
  throw new PkgError('service-failed', `cannot ${what} ${serviceTitle(name)}: it no longer runs`, {
    hint: `pkg logs ${serviceTitle(name)}`,
  });
}

/** Whether both records mean the same process, or the one that it became by executing itself again. */
export function sameInstance(one: RunRecord, other: RunRecord | null): boolean {
  if (other === null) return false;
  if (one.instance !== null || other.instance !== null) return one.instance === other.instance;
  return one.pid === other.pid && one.startTime === other.startTime && one.bootId === other.bootId;
}

/** Stops the recorded instance; what there is to say about that, such as that it had to be killed, is a warning. */
export async function stopRecorded(record: RunRecord, world: ServiceWorld): Promise<void> {
  await managerOf(record.manager).stop(record, world.interruptHooks(), (message) =>
    world.tell({ event: 'warning', message }),
  );
}

/** Stops what runs by the record in `runFile`, unless it is `spared`. */
export async function stopUnless(spared: RunRecord | null, runFile: string, world: ServiceWorld): Promise<void> {
  const record = readRecord(runFile);
  if (record === null || sameInstance(record, spared)) return;
  await stopRecorded(record, world);
}

/** Writes the record as it was; one that was not there is removed. */
export function putRecordBack(record: RunRecord | null, runFile: string): void {
  if (record === null) removeRecord(runFile);
  else writeRecord(runFile, record);
}
