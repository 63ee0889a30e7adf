import {
  type Facts,
  type Listener,
  type Manager,
  type Manifest,
  parseServiceName,
  type ServiceFact,
  type ServiceName,
} from '../../model/index.ts';
import { listenersOn, managerOf, type PortHolder } from '../../service/index.ts';
import { type Layout, readDataFormats } from '../../store/index.ts';
import { readProcess, readText } from '../../system/index.ts';
import { type LiveService, liveServices } from '../service/live.ts';
import { foreignUnits } from './foreign-units.ts';

type ServiceFacts = Pick<Facts, 'services' | 'listeners' | 'unusableManagers' | 'foreignUnits' | 'dataFormats'>;

/** The facts about running services. If no bundle declares a service, nothing of the machine is read. */
export async function gatherServices(
  layout: Layout,
  current: Facts['current'],
  manifests: readonly Manifest[],
): Promise<ServiceFacts> {
  const dataFormats = readDataFormats(layout);
  const declared = manifests.flatMap(({ services }) => Object.values(services ?? {}));
  if (declared.length === 0) return { ...NOTHING, dataFormats };
  const live = await liveServices(layout, current);
  const ports = new Set(declared.flatMap((service) => service.ports ?? []));
  const managers = new Set(declared.map((service) => service.manager ?? 'process'));
  return {
    services: live.map(factOf),
    listeners: listenersAmong(live, [...ports], layout.root),
    unusableManagers: await unusableAmong(managers),
    foreignUnits: foreignUnits(layout, manifests),
    dataFormats,
  };
}

const NOTHING = { services: [], listeners: new Map(), unusableManagers: new Map(), foreignUnits: new Map() };

function factOf({ name, record, condition }: LiveService): ServiceFact {
  const { state, pid } = condition;
  return {
    name,
    state,
    pid,
    version: state === 'running' ? (record?.version ?? null) : null,
    port: record?.port ?? null,
    generation: record?.generation ?? null,
    enabled: record?.enabled ?? false,
    readyAfterMs: record?.readyAfterMs ?? null,
  };
}

function listenersAmong(
  live: readonly LiveService[],
  ports: readonly number[],
  root: string,
): ReadonlyMap<number, Listener> {
  const found = ports.length === 0 ? [] : [...listenersOn(ports)];
  return new Map(found.map(([port, holder]) => [port, { ...holder, ours: ownerOf(holder, port, live, root) }]));
}

/** The listener may be another process than the main one: a worker, or an instance whose record was lost. */
function ownerOf({ pid }: PortHolder, port: number, live: readonly LiveService[], root: string): ServiceName | null {
  const running = live.filter(({ condition }) => condition.state === 'running');
  // Only processes of other users are hidden from us.
  const listening = live.find(({ declared, record }) => declared.socket !== undefined && record?.port === port);
  if (pid === 1 && listening !== undefined) return listening.name;
  if (pid === null) return running.find(({ record }) => record?.port === port)?.name ?? null;
  const family = ancestry(pid);
  return running.find(({ condition }) => family.includes(condition.pid ?? -1))?.name ?? toldTo(pid, root);
}

function ancestry(pid: number): readonly number[] {
  const family: number[] = [];
  for (let next = pid; next > 1 && !family.includes(next); next = readProcess(next)?.parent ?? 0) family.push(next);
  return family;
}

/** The service of this root that the process was started for, as its environment says. */
function toldTo(pid: number, root: string): ServiceName | null {
  const told = readText(`/proc/${pid}/environ`)?.split('\0') ?? [];
  const title = told.find((line) => line.startsWith('PKG_SERVICE='))?.slice('PKG_SERVICE='.length);
  return title !== undefined && told.includes(`PKG_ROOT=${root}`) ? parseServiceName(title, '') : null;
}

async function unusableAmong(managers: ReadonlySet<Manager>): Promise<ReadonlyMap<Manager, string>> {
  const unusable = new Map<Manager, string>();
  for (const manager of managers) {
    const why = await managerOf(manager).unusable();
    if (why !== null) unusable.set(manager, why);
  }
  return unusable;
}
