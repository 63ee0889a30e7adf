import path from 'node:path';
import type { Launch, ServiceAt, Step } from '../../model/index.ts';
import { lookAtUnits, readRecord, recoverUnit, type Unit, type UnitsBefore, unitOf } from '../../service/index.ts';
import { readText, writeDurably } from '../../system/index.ts';
import { launchOf } from '../service/launch-of.ts';
import type { World } from '../world.ts';

type UnitStep = Step & { readonly kind: 'write-units' | 'remove-units'; readonly services: readonly ServiceAt[] };

/** The launches of these services, with what the operator has added to those that run. */
export function launchesOf(services: readonly ServiceAt[], world: World): Promise<readonly Launch[]> {
  const { layout } = world;
  return Promise.all(
    services.map((at) => launchOf(layout, at, { ...world, recorded: readRecord(layout.runRecord(at.name)) })),
  );
}

/** The units of these services, and the one that recovers the root before them. */
export async function unitsOf(services: readonly ServiceAt[], world: World): Promise<readonly Unit[]> {
  const launches = await launchesOf(services, world);
  const units = launches.map(unitOf).filter((unit) => unit !== null);
  const first = launches.find(({ service }) => service.manager === 'systemd');
  return first === undefined ? units : [recoverUnit(first, world), ...units];
}

/** Keeps what is there now in the folder of the transaction, and not in its journal: units may hold what is secret. */
export function keepUnits(step: UnitStep, units: readonly Unit[], world: World): { readonly kept: string } {
  // Where several versions are passed on the way, each has its own generation and so its own file.
  const kept = `${step.kind}-${step.services[0]?.generation ?? 0}.json`;
  writeDurably(path.join(world.layout.transaction(world.transaction), kept), JSON.stringify(lookAtUnits(units)), 0o600);
  return { kept };
}

/** What was kept; null where nothing was touched yet. */
export function keptUnits(note: unknown, { layout, transaction }: World): UnitsBefore | null {
  const { kept } = (note ?? {}) as { readonly kept?: string };
  const text = kept === undefined ? null : readText(path.join(layout.transaction(transaction), kept));
  return text === null ? null : JSON.parse(text);
}
