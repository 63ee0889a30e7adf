import {
  type Generation,
  type RunRecord,
  type Service,
  type ServiceAt,
  type ServiceName,
  sameService,
  serviceTitle,
} from '../../model/index.ts';
import type { Member } from '../../plan/index.ts';
import { type Condition, managerOf, readRecord } from '../../service/index.ts';
import type { Layout } from '../../store/index.ts';
import { membersOnDisk } from '../facts/installed.ts';
import { neededServices, orderServices } from './order.ts';

/** One service of the live generation: as it is declared, as it was started, and its state. */
export type LiveService = {
  readonly name: ServiceName;
  readonly at: ServiceAt;
  readonly declared: Service;
  /** What must be ready before it. */
  readonly needs: readonly ServiceName[];
  readonly record: RunRecord | null;
  /** The configuration revision of its bundle in the live generation. */
  readonly revision: string | null;
  readonly condition: Condition;
};

/** Every service of a generation, those that others need first. Cheap if none is declared. */
export async function liveServices(layout: Layout, generation: Generation | null): Promise<readonly LiveService[]> {
  if (generation === null) return [];
  const members = await membersOnDisk({ layout, generation });
  const needed = neededServices(members);
  const found: LiveService[] = [];
  for (const name of orderServices(members)) {
    const at = placeOf(name, members, generation);
    if (at === null) continue;
    const record = readRecord(layout.runRecord(name));
    const condition = record === null ? NEVER_STARTED : await managerOf(record.manager).condition(record);
    const revision = generation.config[name.bundle] ?? null;
    found.push({ name, ...at, needs: needed.get(serviceTitle(name)) ?? [], record, revision, condition });
  }
  return found;
}

/** The service of that name among others. */
export function findService(name: ServiceName, services: readonly LiveService[]): LiveService | undefined {
  return services.find((service) => sameService(service.name, name));
}

/** The record whose start options a start uses again; null where an operator stopped it, who is to say what it begins with. */
export function goesOnFrom({ record, condition }: LiveService): RunRecord | null {
  return condition.state === 'stopped' && record?.startFailed !== true ? null : record;
}

const NEVER_STARTED: Condition = { state: 'stopped', pid: null, supervised: false };

function placeOf(
  name: ServiceName,
  members: readonly Member[],
  { number }: Generation,
): Pick<LiveService, 'at' | 'declared'> | null {
  const member = members.find(({ id }) => id.name === name.bundle);
  const declared = member?.manifest.services?.[name.service];
  if (member === undefined || declared === undefined) return null;
  return { at: { name, bundle: member.id, generation: number }, declared };
}
