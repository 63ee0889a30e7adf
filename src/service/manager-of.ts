import type { Manager } from '../model/index.ts';
import type { ServiceManager } from './manager.ts';
import { commandManager } from './process/command-manager.ts';
import { processManager } from './process/process-manager.ts';
import { runitManager } from './runit/manager.ts';
import { systemdManager } from './systemd/manager.ts';

const MANAGERS: Readonly<Record<Manager, ServiceManager>> = {
  process: processManager,
  command: commandManager,
  systemd: systemdManager,
  runit: runitManager,
};

/** Who keeps services that name this manager. */
export function managerOf(manager: Manager): ServiceManager {
  return MANAGERS[manager];
}
