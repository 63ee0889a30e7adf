import type { Launch, Service } from '../../model/index.ts';
import { runitUnit, runPath } from '../runit/run.ts';
import { systemdUnit, unitPath } from '../systemd/unit.ts';
import { isForeign, type Unit, type UnitManager } from './unit-files.ts';

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

/** The manager that keeps this service by a unit; null for those that need none. */
export function unitManagerOf({ manager }: Service): UnitManager | null {
  return manager === 'systemd' || manager === 'runit' ? manager : null;
}

/** The file of a unit that says whose it is. */
export function mainFile(manager: UnitManager, name: string): string {
  return manager === 'systemd' ? unitPath(name) : runPath(name);
}

/** Whether a file that somebody else has made stands where this unit would be written. */
export function isForeignUnit(manager: UnitManager, name: string, root: string): boolean {
  return isForeign({ root, files: [{ path: mainFile(manager, name) }] });
}
