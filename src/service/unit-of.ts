import type { Launch } from '../model/index.ts';
import { runitUnit } from './runit-run.ts';
import { systemdUnit } from './systemd-unit.ts';
import { isForeign, type Unit } from './unit-files.ts';

/** The unit by which its manager keeps this service; null for managers that need none. */
export function unitOf(launch: Launch): Unit | null {
  switch (launch.service.manager) {
    case 'systemd':
      return systemdUnit(launch);
    case 'runit':
      return runitUnit(launch);
    default:
      return null;
  }
}

/** Units of somebody else that stand where those of these services would be written: absolute paths of their files. */
export function foreignUnits(launches: readonly Launch[]): readonly string[] {
  return launches
    .map(unitOf)
    .filter((unit) => unit !== null)
    .filter(isForeign)
    .map(({ files: [main] }) => main.path);
}
