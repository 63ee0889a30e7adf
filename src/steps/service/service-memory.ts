import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import type { RunRecord, ServiceAt, Step } from '../../model/index.ts';
import { logSize, managerOf, readRecord } from '../../service/index.ts';
import { bootId, identify, type ProcessIdentity, writeDurably } from '../../system/index.ts';
import type { World } from '../world.ts';

/** A service as it was before a change first touched it. */
export type ServiceMemory = {
  readonly record: RunRecord | null;
  readonly running: boolean;
  /** The boot in which that was seen. */
  readonly bootId?: string;
  /** The process that ran: the one that keeps it may have started it since it was recorded, as after a boot. */
  readonly process?: ProcessIdentity | null;
  /** Bytes of its log; what comes after them was written during the change. */
  readonly logFrom: number;
};

/** A service on one hop of the way. */
export type Touched = { readonly service: ServiceAt } & Pick<Step, 'hop'>;

/**
 * Looks at a service and keeps what it sees; the first look on each hop counts. It is kept beside the journal, not in
 * it: the environment of a service may hold secrets, and this file goes when the change has ended.
 */
export async function rememberService(touched: Touched, world: World): Promise<ServiceMemory> {
  const known = recallService(touched, world);
  if (known !== null) return known;
  const record = readRecord(world.layout.runRecord(touched.service.name));
  const seen = record === null ? null : await managerOf(record.manager).condition(record);
  const running = seen?.state === 'running';
  const memory: ServiceMemory = {
    record,
    running,
    bootId: bootId(),
    process: running && seen.pid !== null ? identify(seen.pid) : null,
    logFrom: record === null ? 0 : logSize(record.launch),
  };
  keep(memoryFile(touched, world, 'before'), memory);
  return memory;
}

/** What was remembered of it; null when no step of this change has come to it. */
export function recallService(touched: Touched, world: World): ServiceMemory | null {
  return recall<ServiceMemory>(memoryFile(touched, world, 'before'));
}

/** The words for the journal: what a person would want to know, and nothing that could be secret. */
export function inWords({ record, running, process, logFrom }: ServiceMemory) {
  const pid = running ? (process?.pid ?? record?.pid ?? null) : null;
  return { running, pid, version: record?.version ?? null, logFrom };
}

/** By which step a running service was made to read the files of this change. */
export type Told = Step & { readonly kind: 'reload-service' | 'control-service' };

/** Must be on disk before the service is told: whatever happens then, it has to be told again on the way back. */
export function markTold(told: Told, touched: Touched, world: World): void {
  keep(memoryFile(touched, world, 'told'), told);
}

/** The step that told it, or null. */
export function toldBy(touched: Touched, world: World): Told | null {
  return recall<Told>(memoryFile(touched, world, 'told'));
}

function memoryFile({ service, hop = 0 }: Touched, { layout, transaction }: World, what: 'before' | 'told'): string {
  const { bundle, service: name } = service.name;
  return path.join(layout.serviceMemories(transaction), `${bundle}.${name}~${hop}.${what}.json`);
}

function keep(file: string, what: unknown): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  writeDurably(file, JSON.stringify(what), 0o600);
}

function recall<T>(file: string): T | null {
  if (!fs.existsSync(file)) return null;
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')) as T;
  } catch (cause) {
    throw new PkgError('root-damaged', `cannot read ${file}, which says how a service ran before`, { cause });
  }
}
