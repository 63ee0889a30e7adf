import { PkgError } from '../error.ts';
import type { Manager } from '../model/index.ts';
import { commandManager } from './command-manager.ts';
import type { ServiceManager } from './manager.ts';
import { processManager } from './process-manager.ts';

const MANAGERS: Partial<Readonly<Record<Manager, ServiceManager>>> = {
  process: processManager,
  command: commandManager,
};

/** Who keeps services that name this manager. */
export function managerOf(manager: Manager): ServiceManager {
  const found = MANAGERS[manager];
  if (found === undefined) throw new PkgError('manager-missing', `there is no service manager '${manager}'`);
  return found;
}
